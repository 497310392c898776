// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/smart_resize.h"

#include <algorithm>
#include <cmath>

namespace orthoscribe::tasks {

PictureSize smartResize(int width, int height, const ResizeLimits& limits) {
  const double factor = limits.factor;
  const double w = width;
  const double h = height;
  // nearbyint rounds halves to even, as Python does.
  double resizedWidth = std::max(factor, std::nearbyint(w / factor) * factor);
  double resizedHeight = std::max(factor, std::nearbyint(h / factor) * factor);
  if (resizedHeight * resizedWidth > double(limits.maxPixels)) {
    const double beta = std::sqrt(h * w / double(limits.maxPixels));
    resizedHeight = std::max(factor, std::floor(h / beta / factor) * factor);
    resizedWidth = std::max(factor, std::floor(w / beta / factor) * factor);
  } else if (resizedHeight * resizedWidth < double(limits.minPixels)) {
    const double beta = std::sqrt(double(limits.minPixels) / (h * w));
    resizedHeight = std::ceil(h * beta / factor) * factor;
    resizedWidth = std::ceil(w * beta / factor) * factor;
  }
  return {static_cast<int>(resizedWidth), static_cast<int>(resizedHeight)};
}

}  // namespace orthoscribe::tasks
