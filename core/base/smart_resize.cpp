// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/smart_resize.h"

#include <algorithm>
#include <cmath>

namespace orthoscribe {
namespace {

int side(double length) {
  constexpr double kLongest = 1 << 30;
  return static_cast<int>(std::min(length, kLongest));
}

}  // namespace

PictureSize smartResize(int width, int height, const ResizeLimits& limits) {
  const double factor = limits.factor;
  const double w = width;
  const double h = height;
  // nearbyint rounds halves to even, as Python does. A side that rounds to nothing falls under the lower limit.
  double resizedWidth = std::nearbyint(w / factor) * factor;
  double resizedHeight = std::nearbyint(h / factor) * factor;
  if (resizedHeight * resizedWidth > double(limits.maxPixels)) {
    const double beta = std::sqrt(h * w / double(limits.maxPixels));
    resizedHeight = std::max(factor, std::floor(h / beta / factor) * factor);
    resizedWidth = std::max(factor, std::floor(w / beta / factor) * factor);
  } else if (resizedHeight * resizedWidth < double(limits.minPixels)) {
    const double beta = std::sqrt(double(limits.minPixels) / (h * w));
    resizedHeight = std::ceil(h * beta / factor) * factor;
    resizedWidth = std::ceil(w * beta / factor) * factor;
  }
  return {side(std::max(factor, resizedWidth)), side(std::max(factor, resizedHeight))};
}

}  // namespace orthoscribe
