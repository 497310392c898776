// SPDX-License-Identifier: GPL-2.0-or-later
// The size at which Qwen's vision models see a picture (reference/rscovlm.md 1.5, in Transformers' variant). The engine resizes
// by it, and whoever reads coordinates in pixels of the resized picture must know it.
#pragma once

#include <cstdint>

namespace orthoscribe {

struct ResizeLimits {
  int factor = 28;                   // sides become multiples of it
  std::int64_t minPixels = 4 * 784;  // of width * height, as far as multiples allow
  std::int64_t maxPixels = 16384 * 784;
  bool operator==(const ResizeLimits&) const = default;
};

struct PictureSize {
  int width = 0;
  int height = 0;
  bool operator==(const PictureSize&) const = default;
};

// Sides and factor must be positive. Sides above 2^31 / 2 are cut there: only pictures thinner than any model takes get so long.
PictureSize smartResize(int width, int height, const ResizeLimits& limits);

}  // namespace orthoscribe
