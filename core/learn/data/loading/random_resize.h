// SPDX-License-Identifier: GPL-2.0-or-later
// Showing a picture at sizes drawn at random between the least and the most pixels that the model takes.
#pragma once

#include <cstdint>

#include "core/base/smart_resize.h"

namespace orthoscribe::learn {

enum class ResizeRule {
  // The area is drawn: every number of pixels between the limits is as likely as any other, for a source of any size.
  TrueArea,
  // As RSCoVLM was trained: the drawn ratio of areas multiplies the sides (reference/rscovlm.md 3 and 9.5), so large sources are
  // mostly seen tiny and small ones mostly at the upper limit.
  RatioOnSides,
};

// share: drawn uniformly from [0, 1). The ratio of areas is s = (m + share * (M - m)) / (width * height) for limits m, M; the
// sides are multiplied by its root, or by itself under RatioOnSides, cut to whole pixels and put through smartResize.
PictureSize randomSize(int width, int height, double share, const ResizeLimits& limits, ResizeRule rule = ResizeRule::TrueArea);

}  // namespace orthoscribe::learn
