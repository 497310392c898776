// SPDX-License-Identifier: GPL-2.0-or-later
// Says how much each aspect concerns an image, from the rows that the image has before the decoder (rsmoe_and_metrics.md section
// 5.3): mean row -> linear -> GELU -> linear -> sigmoid.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::engine {

class RelevanceHead {
 public:
  // file: safetensors with hidden.weight [H, width], hidden.bias [H], output.weight [aspects, H], output.bias [aspects]. Throws
  // Error{NotFound or InvalidInput} naming file and tensor.
  RelevanceHead(const std::filesystem::path& file, std::int64_t width, std::int64_t aspects, torch::Device device);
  // The same from any source of weights, fresh ones too, with H = hidden.
  RelevanceHead(const model::Scope& weights, std::int64_t hidden, std::int64_t width, std::int64_t aspects);

  // rows [P, width] -> float32 [aspects], before the sigmoid; differentiable.
  torch::Tensor logits(const torch::Tensor& rows) const;

  // rows [P, width] of all images of a conversation -> 0..1 for each aspect.
  std::vector<double> of(const torch::Tensor& rows) const;

 private:
  torch::Tensor hiddenWeight_, hiddenBias_, outputWeight_, outputBias_;
};

}  // namespace orthoscribe::engine
