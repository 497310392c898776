// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace orthoscribe::vision {
namespace {

constexpr int kFractionBits = 32 - 8 - 2;

double box(double x) {
  return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
}

double triangle(double x) {
  x = std::abs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

// Keys 1981, equation 4, with a = -0.5.
double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) {
  return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
}

struct Kernel {
  double (*weight)(double);
  double support;
};

Kernel kernelOf(ResampleFilter filter) {
  switch (filter) {
    case ResampleFilter::Box:
      return {box, 0.5};
    case ResampleFilter::Bilinear:
      return {triangle, 1.0};
    case ResampleFilter::Bicubic:
      return {cubic, 2.0};
    case ResampleFilter::Lanczos:
      return {lanczos, 3.0};
  }
  throw Error(ErrorCode::Internal, "unknown resample filter");
}

// The input samples that one output sample is made of.
struct Window {
  int begin = 0;
  std::vector<std::int32_t> weights;  // fixed point
};

std::int32_t toFixedPoint(double weight) {
  const double scaled = weight * (1 << kFractionBits);
  return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

std::vector<Window> windowsFor(int inputLength, int outputLength, const Kernel& kernel) {
  const double scale = static_cast<double>(inputLength) / outputLength;
  const double filterScale = std::max(scale, 1.0);
  const double support = kernel.support * filterScale;
  const double inverse = 1.0 / filterScale;
  std::vector<Window> windows(static_cast<std::size_t>(outputLength));
  std::vector<double> weights;
  for (int i = 0; i < outputLength; ++i) {
    const double centre = (i + 0.5) * scale;
    const int begin = std::max(0, static_cast<int>(centre - support + 0.5));
    const int end = std::min(inputLength, static_cast<int>(centre + support + 0.5));
    weights.clear();
    double sum = 0.0;
    for (int x = begin; x < end; ++x) {
      weights.push_back(kernel.weight((x - centre + 0.5) * inverse));
      sum += weights.back();
    }
    Window& window = windows[static_cast<std::size_t>(i)];
    window.begin = begin;
    for (const double weight : weights) window.weights.push_back(toFixedPoint(sum != 0.0 ? weight / sum : weight));
  }
  return windows;
}

// stride: bytes from one input sample to the next along the axis.
std::uint8_t weightedSum(const std::uint8_t* first, std::size_t stride, const std::vector<std::int32_t>& weights) {
  std::int32_t sum = 1 << (kFractionBits - 1);
  for (const std::int32_t weight : weights) {
    sum += *first * weight;
    first += stride;
  }
  return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

RgbImage resizeWidth(const RgbImage& image, int width, const Kernel& kernel) {
  if (width == image.width) return image;
  const std::vector<Window> windows = windowsFor(image.width, width, kernel);
  RgbImage resized(width, image.height);
  for (int row = 0; row < image.height; ++row) {
    std::uint8_t* out = resized.at(0, row);
    for (const Window& window : windows) {
      const std::uint8_t* first = image.at(window.begin, row);
      for (int channel = 0; channel < 3; ++channel) *out++ = weightedSum(first + channel, 3, window.weights);
    }
  }
  return resized;
}

RgbImage resizeHeight(const RgbImage& image, int height, const Kernel& kernel) {
  if (height == image.height) return image;
  const std::vector<Window> windows = windowsFor(image.height, height, kernel);
  const std::size_t stride = static_cast<std::size_t>(image.width) * 3;
  RgbImage resized(image.width, height);
  for (int row = 0; row < height; ++row) {
    const Window& window = windows[static_cast<std::size_t>(row)];
    const std::uint8_t* first = image.at(0, window.begin);
    std::uint8_t* out = resized.at(0, row);
    for (std::size_t i = 0; i < stride; ++i) out[i] = weightedSum(first + i, stride, window.weights);
  }
  return resized;
}

// Which pass comes first shows in the result, because the first one's is rounded. The factor 2 is what the reference's vectors
// show: they have heights that shrink 1.5 times as many pixels as the width, along rows first, and 2.4 times, along columns
// first.
bool heightFirst(const RgbImage& image, int width, int height) {
  return height < image.height && image.height - height > 2 * (image.width - width);
}

}  // namespace

RgbImage resize(const RgbImage& image, int width, int height, ResampleFilter filter) {
  if (image.empty()) throw Error(ErrorCode::InvalidInput, "an empty image cannot be resized");
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::InvalidInput,
                "an image cannot be resized to " + std::to_string(width) + " x " + std::to_string(height));
  }
  const Kernel kernel = kernelOf(filter);
  if (heightFirst(image, width, height)) return resizeWidth(resizeHeight(image, height, kernel), width, kernel);
  return resizeHeight(resizeWidth(image, width, kernel), height, kernel);
}

}  // namespace orthoscribe::vision
