// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace orthoscribe::learn {
namespace {

constexpr double kPi = std::numbers::pi;

int mirrored(int index, int size) {
  const int period = 2 * size;
  index = ((index % period) + period) % period;
  return index < size ? index : period - 1 - index;
}

void interpolate(const RgbImage& source, geo::Point at, std::uint8_t* out) {
  const double x = at.x - 0.5;
  const double y = at.y - 0.5;
  const int column = static_cast<int>(std::floor(x));
  const int row = static_cast<int>(std::floor(y));
  const auto right = static_cast<float>(x - column);
  const auto low = static_cast<float>(y - row);
  const int x0 = mirrored(column, source.width);
  const int x1 = mirrored(column + 1, source.width);
  const int y0 = mirrored(row, source.height);
  const int y1 = mirrored(row + 1, source.height);
  const std::uint8_t* corner00 = source.at(x0, y0);
  const std::uint8_t* corner10 = source.at(x1, y0);
  const std::uint8_t* corner01 = source.at(x0, y1);
  const std::uint8_t* corner11 = source.at(x1, y1);
  for (int channel = 0; channel < 3; ++channel) {
    const float above = static_cast<float>(corner00[channel]) * (1 - right) + static_cast<float>(corner10[channel]) * right;
    const float below = static_cast<float>(corner01[channel]) * (1 - right) + static_cast<float>(corner11[channel]) * right;
    out[channel] = static_cast<std::uint8_t>(above * (1 - low) + below * low + 0.5F);
  }
}

geo::OrientedBox boxInView(const geo::OrientedBox& box, const ViewTransform& transform) {
  const double angle = box.angleDeg * kPi / 180;
  const geo::Point centre = transform.toView(box.centre);
  const geo::Point ahead = transform.toView({box.centre.x + std::cos(angle), box.centre.y + std::sin(angle)});
  const double turned = std::atan2(ahead.y - centre.y, ahead.x - centre.x) * 180 / kPi;
  return geo::makeOrientedBox(centre, box.longSide / transform.scale(), box.shortSide / transform.scale(), turned);
}

void blur(RgbImage& image) {
  RgbImage soft = image;
  for (int row = 1; row + 1 < image.height; ++row) {
    for (int column = 1; column + 1 < image.width; ++column) {
      for (int channel = 0; channel < 3; ++channel) {
        int sum = 4 * image.at(column, row)[channel];
        sum += 2 * (image.at(column - 1, row)[channel] + image.at(column + 1, row)[channel] + image.at(column, row - 1)[channel] +
                    image.at(column, row + 1)[channel]);
        sum += image.at(column - 1, row - 1)[channel] + image.at(column + 1, row - 1)[channel] +
               image.at(column - 1, row + 1)[channel] + image.at(column + 1, row + 1)[channel];
        soft.at(column, row)[channel] = static_cast<std::uint8_t>((sum + 8) / 16);
      }
    }
  }
  image = std::move(soft);
}

}  // namespace

double uniform(Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random() >> 11U) * 0x1.0p-53;
}

geo::Point ViewTransform::toView(geo::Point source) const {
  const double determinant = a * e - b * d;
  const double x = source.x - c;
  const double y = source.y - f;
  return {(e * x - b * y) / determinant, (a * y - d * x) / determinant};
}

double ViewTransform::scale() const {
  return std::sqrt(std::abs(a * e - b * d));
}

ViewTransform plainView(const Sample& sample, int side) {
  return {sample.image.width / static_cast<double>(side), 0, 0, 0, sample.image.height / static_cast<double>(side), 0};
}

ViewTransform randomView(const Sample& sample, int side, const Augmentation& augmentation, Random& random) {
  const bool flip = uniform(random, 0, 1) < 0.5;
  const bool anyAngle = uniform(random, 0, 1) < augmentation.freeRotation;
  const double turn = uniform(random, 0, 4);
  const double angle = (anyAngle ? turn : std::floor(turn)) * kPi / 2;
  const double logZoom = std::log(augmentation.zoom);
  const double shrink = augmentation.zoomOut > 1 ? std::exp(uniform(random, 0, std::log(augmentation.zoomOut))) : 1;
  const double scale = std::exp(uniform(random, -logZoom, logZoom)) * shrink / sample.nativeScale;
  const double half = side / 2.0;
  const double slackX = std::max(0.0, sample.image.width / 2.0 - half * scale * 1.1);
  const double slackY = std::max(0.0, sample.image.height / 2.0 - half * scale * 1.1);
  const double shift = augmentation.shift * scale;
  const double centreX = sample.image.width / 2.0 + uniform(random, -1, 1) * (slackX + shift);
  const double centreY = sample.image.height / 2.0 + uniform(random, -1, 1) * (slackY + shift);
  ViewTransform transform;
  transform.a = std::cos(angle) * scale * (flip ? -1 : 1);
  transform.b = -std::sin(angle) * scale;
  transform.d = std::sin(angle) * scale * (flip ? -1 : 1);
  transform.e = std::cos(angle) * scale;
  transform.c = centreX - transform.a * half - transform.b * half;
  transform.f = centreY - transform.d * half - transform.e * half;
  return transform;
}

View takeView(const Sample& sample, const ViewTransform& transform, int side) {
  View view{RgbImage(side, side), transform, {}};
  for (int row = 0; row < side; ++row) {
    for (int column = 0; column < side; ++column)
      interpolate(sample.image, transform.toSource({column + 0.5, row + 0.5}), view.image.at(column, row));
  }
  for (const LabelledBox& labelled : sample.boxes) {
    LabelledBox moved = labelled;
    moved.box = boxInView(labelled.box, transform);
    const geo::Point centre = moved.box.centre;
    if (centre.x >= 0 && centre.y >= 0 && centre.x < side && centre.y < side) view.boxes.push_back(moved);
  }
  return view;
}

bool showsSource(const Sample& sample, const ViewTransform& transform, geo::Point view) {
  const geo::Point source = transform.toSource(view);
  return source.x >= 0 && source.y >= 0 && source.x <= sample.image.width && source.y <= sample.image.height;
}

void changeLight(RgbImage& image, double strength, Random& random) {
  if (strength <= 0) return;
  const double contrast = std::exp(uniform(random, -0.25, 0.25) * strength);
  const double brightness = uniform(random, -28, 28) * strength;
  const double saturation = uniform(random, 0, 1) < 0.08 * strength ? 0.0 : 1 + uniform(random, -0.35, 0.35) * strength;
  const std::array<double, 3> gain = {1 + uniform(random, -0.1, 0.1) * strength, 1 + uniform(random, -0.1, 0.1) * strength,
                                      1 + uniform(random, -0.1, 0.1) * strength};
  const bool soften = uniform(random, 0, 1) < 0.15 * strength;
  const double noise = uniform(random, 0, 1) < 0.25 ? uniform(random, 0, 10) * strength : 0;
  if (soften) blur(image);
  for (std::size_t at = 0; at + 2 < image.pixels.size(); at += 3) {
    const double grey = (image.pixels[at] + image.pixels[at + 1] + image.pixels[at + 2]) / 3.0;
    const double speckle = noise > 0 ? uniform(random, -noise, noise) : 0;
    for (std::size_t channel = 0; channel < 3; ++channel) {
      double value = grey + (image.pixels[at + channel] - grey) * saturation;
      value = (value * gain[channel] - 110) * contrast + 110 + brightness + speckle;
      image.pixels[at + channel] = static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
    }
  }
}

}  // namespace orthoscribe::learn
