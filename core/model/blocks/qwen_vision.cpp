// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/qwen_vision.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {

PatchEmbedding::PatchEmbedding(const Scope& scope, const QwenVisionConfig& config, bool bias)
    : weight_(scope.take("weight", {config.hidden, 3, config.frames, config.patchSide, config.patchSide})) {
  if (bias) bias_ = scope.take("bias", {config.hidden}, FreshValue::Zeros);
}

torch::Tensor PatchEmbedding::forward(const torch::Tensor& patches) const {
  // Not flattened once and for all, so that whoever trains the weight trains this one.
  const torch::Tensor weight = weight_.flatten(1);
  return at::linear(patches.reshape({-1, weight.size(1)}), weight, bias_);
}

}  // namespace orthoscribe::model
