// SPDX-License-Identifier: GPL-2.0-or-later
// What the vision towers of Qwen2.5-VL and Qwen3-VL share: patches as vectors, embedded by one linear.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

struct QwenVisionConfig {
  std::int64_t hidden = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t intermediate = 0;
  std::int64_t patchSide = 0;  // pixels
  std::int64_t frames = 0;     // pictures in a patch; a single picture stands in all of them
  std::int64_t merge = 0;      // patches along the square that becomes a token
  std::int64_t outputs = 0;    // hidden size of the decoder
  double normEpsilon = 1e-6;

  std::int64_t patchValues() const { return 3 * frames * patchSide * patchSide; }
  std::int64_t patchesOfToken() const { return merge * merge; }
};

// A convolution whose step is its size.
class PatchEmbedding {
 public:
  // scope holds "weight" [hidden, 3, frames, patchSide, patchSide] and, with bias, "bias" [hidden].
  PatchEmbedding(const Scope& scope, const QwenVisionConfig& config, bool bias);

  // patches [.., patchValues], each as channel, frame, row, column -> [patches, hidden]
  torch::Tensor forward(const torch::Tensor& patches) const;

 private:
  torch::Tensor weight_, bias_;
};

}  // namespace orthoscribe::model
