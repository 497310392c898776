// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/linear.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {

Linear::Linear(const Scope& scope, const LinearShape& shape, Adapters adapters) {
  weight_ = scope.take("weight", {shape.outputs, shape.inputs});
  if (shape.bias) bias_ = scope.take("bias", {shape.outputs}, FreshValue::Zeros);
  const std::string module = scope.prefix().substr(0, scope.prefix().size() - 1);
  for (const Adapter& adapter : adapters) {
    for (LowRankUpdate& update : adapter.updatesFor(module, shape.inputs, shape.outputs, shape.parts))
      updates_.push_back(std::move(update));
  }
}

torch::Tensor Linear::forward(const torch::Tensor& input, const torch::Tensor* gates) const {
  torch::Tensor output = at::linear(input, weight_, bias_);
  for (const LowRankUpdate& update : updates_) output = update.apply(input, output, gates);
  return output;
}

torch::Tensor Linear::forwardWithoutExperts(const torch::Tensor& input) const {
  torch::Tensor output = at::linear(input, weight_, bias_);
  for (const LowRankUpdate& update : updates_) {
    if (!update.gated()) output = update.apply(input, output, nullptr);
  }
  return output;
}

torch::Tensor Linear::expertUpdate(const torch::Tensor& input, std::int64_t expert) const {
  torch::Tensor sum;
  for (const LowRankUpdate& update : updates_) {
    if (!update.gated()) continue;
    const torch::Tensor part = update.ofExpert(input, expert, weight_.size(0));
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

}  // namespace orthoscribe::model
