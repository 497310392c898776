// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/norm.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {

RmsNorm::RmsNorm(const Scope& scope, std::int64_t size, double epsilon)
    : weight_(scope.take("weight", {size}, FreshValue::Ones)), epsilon_(epsilon) {}

torch::Tensor RmsNorm::forward(const torch::Tensor& input) const {
  const torch::Tensor wide = input.to(at::kFloat);
  const torch::Tensor normalised = wide * at::rsqrt(wide.square().mean(-1, true) + epsilon_);
  return normalised.to(input.scalar_type()) * weight_.to(input.scalar_type());
}

LayerNorm::LayerNorm(const Scope& scope, std::int64_t size, double epsilon)
    : weight_(scope.take("weight", {size}, FreshValue::Ones)),
      bias_(scope.take("bias", {size}, FreshValue::Zeros)),
      epsilon_(epsilon) {}

torch::Tensor LayerNorm::forward(const torch::Tensor& input) const {
  // Weights in training are float32 whatever the model's precision.
  const torch::ScalarType type = input.scalar_type();
  return at::layer_norm(input, {input.size(-1)}, weight_.to(type), bias_.to(type), epsilon_);
}

}  // namespace orthoscribe::model
