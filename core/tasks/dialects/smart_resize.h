// SPDX-License-Identifier: GPL-2.0-or-later
// The size at which Qwen's vision models see a picture.
#pragma once

#include <cstdint>

namespace orthoscribe::tasks {

struct ResizeLimits {
  int factor = 28;  // sides become multiples of it
  std::int64_t minPixels = 4 * 784;
  std::int64_t maxPixels = 16384 * 784;
};

struct PictureSize {
  int width = 0;
  int height = 0;
};

// reference/rscovlm.md 1.5. Sides must be positive.
PictureSize smartResize(int width, int height, const ResizeLimits& limits);

}  // namespace orthoscribe::tasks
