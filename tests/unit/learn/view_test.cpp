// SPDX-License-Identifier: GPL-2.0-or-later
// Boxes must follow the pixels through every view.
#include "core/learn/data/view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace orthoscribe::learn {
namespace {

constexpr int kSide = 128;

// White where the box is, black elsewhere.
Sample sampleWith(const geo::OrientedBox& box, int width, int height) {
  Sample sample;
  sample.image = RgbImage(width, height);
  const double angle = box.angleDeg * M_PI / 180;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const double x = column + 0.5 - box.centre.x;
      const double y = row + 0.5 - box.centre.y;
      const bool inside = std::abs(x * std::cos(angle) + y * std::sin(angle)) < box.longSide / 2 &&
                          std::abs(y * std::cos(angle) - x * std::sin(angle)) < box.shortSide / 2;
      for (int channel = 0; channel < 3; ++channel) sample.image.at(column, row)[channel] = inside ? 255 : 0;
    }
  }
  sample.boxes.push_back({box, kShip, false});
  return sample;
}

struct Moments {
  double x = 0, y = 0, angleDeg = 0, weight = 0;
};

// Centre and main direction of the bright pixels.
Moments momentsOf(const RgbImage& image) {
  Moments moments;
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      const double weight = image.at(column, row)[0] / 255.0;
      moments.weight += weight;
      moments.x += weight * (column + 0.5);
      moments.y += weight * (row + 0.5);
    }
  }
  moments.x /= moments.weight;
  moments.y /= moments.weight;
  double xx = 0, yy = 0, xy = 0;
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      const double weight = image.at(column, row)[0] / 255.0;
      const double x = column + 0.5 - moments.x;
      const double y = row + 0.5 - moments.y;
      xx += weight * x * x;
      yy += weight * y * y;
      xy += weight * x * y;
    }
  }
  moments.angleDeg = 0.5 * std::atan2(2 * xy, xx - yy) * 180 / M_PI;
  return moments;
}

double angleBetween(double a, double b) {
  const double difference = std::fmod(std::abs(a - b), 180.0);
  return std::min(difference, 180 - difference);
}

bool cutByBorder(const geo::OrientedBox& box, double side) {
  const geo::Quad quad = geo::corners(box);
  return std::any_of(quad.begin(), quad.end(), [&](geo::Point corner) {
    return corner.x < 1 || corner.y < 1 || corner.x > side - 1 || corner.y > side - 1;
  });
}

TEST(View, BoxesFollowThePixels) {
  const Sample sample = sampleWith({{120, 110}, 60, 20, 25}, 240, 220);
  Augmentation augmentation;
  augmentation.shift = 5;
  Random random(3);
  int whole = 0;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const View view = takeView(sample, randomView(sample, 160, augmentation, random), 160);
    ASSERT_EQ(view.boxes.size(), 1U);
    const geo::OrientedBox& box = view.boxes.front().box;
    if (cutByBorder(box, 160)) continue;  // its pixels are not all there to be measured
    ++whole;
    const Moments seen = momentsOf(view.image);
    EXPECT_NEAR(seen.x, box.centre.x, 0.7) << attempt;
    EXPECT_NEAR(seen.y, box.centre.y, 0.7) << attempt;
    EXPECT_LT(angleBetween(seen.angleDeg, box.angleDeg), 1.5) << attempt;
    EXPECT_NEAR(seen.weight, box.longSide * box.shortSide, 0.05 * box.longSide * box.shortSide) << attempt;
  }
  EXPECT_GE(whole, 10);
}

TEST(View, PlainViewResizesTheWholePicture) {
  const Sample sample = sampleWith({{100, 60}, 40, 10, 0}, 256, 256);
  const View view = takeView(sample, plainView(sample, kSide), kSide);
  ASSERT_EQ(view.boxes.size(), 1U);
  EXPECT_NEAR(view.boxes[0].box.centre.x, 50, 1e-6);
  EXPECT_NEAR(view.boxes[0].box.centre.y, 30, 1e-6);
  EXPECT_NEAR(view.boxes[0].box.longSide, 20, 1e-6);
}

TEST(View, LeavesBoxesOutsideAway) {
  const Sample sample = sampleWith({{20, 20}, 12, 6, 0}, 512, 512);
  ViewTransform corner;
  corner.c = 200;
  corner.f = 200;
  EXPECT_TRUE(takeView(sample, corner, kSide).boxes.empty());
  EXPECT_TRUE(showsSource(sample, corner, {10, 10}));
  EXPECT_FALSE(showsSource(sample, corner, {400, 10}));
}

TEST(View, LightRepeatsWithItsSeed) {
  const Sample sample = sampleWith({{60, 60}, 40, 20, 10}, kSide, kSide);
  RgbImage first = sample.image;
  RgbImage second = sample.image;
  Random one(5);
  Random two(5);
  changeLight(first, 1, one);
  changeLight(second, 1, two);
  EXPECT_EQ(first, second);
  RgbImage untouched = sample.image;
  changeLight(untouched, 0, one);
  EXPECT_EQ(untouched, sample.image);
}

}  // namespace
}  // namespace orthoscribe::learn
