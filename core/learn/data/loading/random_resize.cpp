// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/random_resize.h"

#include <algorithm>
#include <cmath>

namespace orthoscribe::learn {

PictureSize randomSize(int width, int height, double share, const ResizeLimits& limits, ResizeRule rule) {
  const auto least = static_cast<double>(limits.minPixels);
  const auto most = static_cast<double>(limits.maxPixels);
  const double ratio = (least + share * (most - least)) / (static_cast<double>(width) * height);
  const double factor = rule == ResizeRule::TrueArea ? std::sqrt(ratio) : ratio;
  constexpr double kLongest = 1 << 30;
  const auto side = [&](int length) { return static_cast<int>(std::clamp(length * factor, 1.0, kLongest)); };
  return smartResize(side(width), side(height), limits);
}

}  // namespace orthoscribe::learn
