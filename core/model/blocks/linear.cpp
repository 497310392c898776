// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/linear.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {

Linear::Linear(const Scope& scope, const LinearShape& shape, Adapters adapters) {
  weight_ = scope.take("weight", {shape.outputs, shape.inputs});
  if (shape.bias) bias_ = scope.take("bias", {shape.outputs}, FreshValue::Zeros);
  const std::string module = scope.prefix().substr(0, scope.prefix().size() - 1);
  for (const Adapter& adapter : adapters) {
    for (AdaptedLinear& update : adapter.updatesFor(module, shape.inputs, shape.outputs, shape.parts))
      updates_.push_back(std::move(update));
  }
}

torch::Tensor Linear::forward(const torch::Tensor& input, const Gating& gating) const {
  torch::Tensor output = at::linear(input, weight_, bias_);
  for (const AdaptedLinear& adapted : updates_) {
    const torch::Tensor gates = adapted.router ? adapted.router->route(input, gating.pass, adapted.place).gates : gating.gates;
    output = adapted.update.apply(input, output, &gates);
  }
  return output;
}

torch::Tensor Linear::forwardWithoutExperts(const torch::Tensor& input) const {
  torch::Tensor output = at::linear(input, weight_, bias_);
  for (const AdaptedLinear& adapted : updates_) {
    if (!adapted.update.gated()) output = adapted.update.apply(input, output, nullptr);
  }
  return output;
}

torch::Tensor Linear::expertUpdate(const torch::Tensor& input, std::int64_t expert) const {
  torch::Tensor sum;
  for (const AdaptedLinear& adapted : updates_) {
    if (!adapted.update.gated()) continue;
    const torch::Tensor part = adapted.update.ofExpert(input, expert, weight_.size(0));
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

}  // namespace orthoscribe::model
