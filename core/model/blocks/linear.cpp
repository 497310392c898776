// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/linear.h"

#include <ATen/ATen.h>

#include <map>
#include <utility>

namespace orthoscribe::model {
namespace {

// By the first output that they change, since linears may be fused.
using Banks = std::map<std::int64_t, std::vector<BankedUpdate::Expert>>;

void put(Banks& banks, std::int64_t number, const LowRankUpdate& update) {
  std::vector<BankedUpdate::Expert>& experts = banks[update.rowBegin()];
  const auto index = static_cast<std::size_t>(number);
  if (experts.size() <= index) experts.resize(index + 1);
  experts[index] = {.a = update.a(), .b = update.b(), .scale = update.scale()};
}

// Weights in training are float32 whatever the model's precision.
torch::Tensor product(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias) {
  const torch::ScalarType type = input.scalar_type();
  return at::linear(input, weight.to(type), bias.defined() ? bias.to(type) : bias);
}

}  // namespace

Linear::Linear(const Scope& scope, const LinearShape& shape, Adapters adapters) {
  weight_ = scope.take("weight", {shape.outputs, shape.inputs});
  if (shape.bias) bias_ = scope.take("bias", {shape.outputs}, FreshValue::Zeros);
  const std::string module = scope.prefix().substr(0, scope.prefix().size() - 1);
  Banks banks;
  for (const Adapter& adapter : adapters) {
    for (AdaptedLinear& update : adapter.updatesFor(module, shape.inputs, shape.outputs, shape.parts)) {
      if (adapter.bankNumber())
        put(banks, *adapter.bankNumber(), update.update);
      else
        updates_.push_back(std::move(update));
    }
  }
  for (auto& [rowBegin, experts] : banks) bank_.emplace_back(std::move(experts), rowBegin);
}

void Linear::addBank(torch::Tensor& output, const torch::Tensor& input, const RoutingPass* pass) const {
  if (!pass || !pass->rows) return;
  for (const BankedUpdate& update : bank_) update.addTo(output, input, *pass->rows);
}

torch::Tensor Linear::forward(const torch::Tensor& input, const Gating& gating) const {
  torch::Tensor output = product(input, weight_, bias_);
  for (const AdaptedLinear& adapted : updates_) {
    const torch::Tensor gates = adapted.router ? adapted.router->route(input, gating.pass, adapted.place).gates : gating.gates;
    output = adapted.update.apply(input, output, &gates);
  }
  addBank(output, input, gating.pass);
  return output;
}

torch::Tensor Linear::forwardWithoutExperts(const torch::Tensor& input, const RoutingPass* pass) const {
  torch::Tensor output = product(input, weight_, bias_);
  for (const AdaptedLinear& adapted : updates_) {
    if (!adapted.update.gated()) output = adapted.update.apply(input, output, nullptr);
  }
  addBank(output, input, pass);
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
