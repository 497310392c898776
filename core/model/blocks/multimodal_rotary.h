// SPDX-License-Identifier: GPL-2.0-or-later
// Rotary positions on three axes (M-RoPE: time, row, column; reference/rscovlm.md 1.3 and 1.7): each frequency turns by the
// position on one of them. A token of text stands at the same place on all three, which is plain rotary embedding.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/blocks/rotary.h"
#include "core/model/network.h"

namespace orthoscribe::model {

constexpr std::int64_t kPositionAxes = 3;

// The axis of each frequency. sections: how many frequencies each of the three axes has, together half a head.
// Qwen2.5-VL: section after section. Qwen3-VL: time, row, column by turns, time alone once the others have used up theirs.
std::vector<std::int64_t> axesInSections(std::span<const std::int64_t> sections);
std::vector<std::int64_t> axesInterleaved(std::span<const std::int64_t> sections);

class MultimodalRotary {
 public:
  // config: plain, its long factors are not used. axes: headSize / 2 axis numbers, 0 to 2.
  MultimodalRotary(const RotaryConfig& config, const std::vector<std::int64_t>& axes);

  // positions int64 [3, S] -> tables [S, headSize].
  RotaryTables tables(const torch::Tensor& positions) const;

 private:
  torch::Tensor axes_;         // int64 [headSize / 2]
  torch::Tensor frequencies_;  // [headSize / 2]
};

// Positions int64 [3, length] of a sequence. The tokens of a text follow each other; those of an image share their time and stand
// at their row and column, all counted from the image's first position; what comes after an image stands after its longer side.
// Throws Error{InvalidInput} for images that overlap, come in another order or do not fit.
at::Tensor multimodalPositions(std::int64_t length, std::span<const ImagePlace> images);

}  // namespace orthoscribe::model
