// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/gated_mlp.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {
namespace {

std::vector<Linear> makeInputs(const Scope& scope, const GatedMlpConfig& config, Adapters adapters) {
  std::vector<Linear> inputs;
  if (config.fusedInput) {
    const std::vector<LinearPart> parts = {{"gate_proj", 0, config.intermediate},
                                           {"up_proj", config.intermediate, config.intermediate}};
    inputs.emplace_back(scope.sub("gate_up_proj"), LinearShape{config.hidden, 2 * config.intermediate, false, parts}, adapters);
    return inputs;
  }
  inputs.emplace_back(scope.sub("gate_proj"), LinearShape{config.hidden, config.intermediate, false, {}}, adapters);
  inputs.emplace_back(scope.sub("up_proj"), LinearShape{config.hidden, config.intermediate, false, {}}, adapters);
  return inputs;
}

}  // namespace

GatedMlp::GatedMlp(const Scope& scope, const GatedMlpConfig& config, Adapters adapters)
    : config_(config),
      inputs_(makeInputs(scope, config, adapters)),
      down_(scope.sub("down_proj"), LinearShape{config.intermediate, config.hidden, false, {}}, adapters),
      router_(adapters, scope.prefix().substr(0, scope.prefix().size() - 1), config.hidden) {}

torch::Tensor GatedMlp::activation(const torch::Tensor& gateAndUp) const {
  return at::silu(gateAndUp.narrow(-1, 0, config_.intermediate)) *
         gateAndUp.narrow(-1, config_.intermediate, config_.intermediate);
}

torch::Tensor GatedMlp::forward(const torch::Tensor& hidden, RoutingPass* pass) const {
  const Gating gating = router_.route(hidden, pass);
  if (router_.mixing() == Mixing::WholeBlock) return mixedBlocks(hidden, gating);
  const torch::Tensor mixed = config_.fusedInput
                                  ? activation(inputs_[0].forward(hidden, gating))
                                  : at::silu(inputs_[0].forward(hidden, gating)) * inputs_[1].forward(hidden, gating);
  return down_.forward(mixed, gating);
}

// MixLoRA: sum_e w_e FFN_e(x), every expert with its own activation; the base weights are applied once, since down is linear
// (skynova.md section 3.3).
torch::Tensor GatedMlp::mixedBlocks(const torch::Tensor& hidden, const Gating& gating) const {
  const torch::Tensor& gates = gating.gates;
  std::vector<torch::Tensor> base;
  for (const Linear& input : inputs_) base.push_back(input.forwardWithoutExperts(hidden, gating.pass));
  torch::Tensor mixed, update;
  const bool onCpu = gates.device().is_cpu();
  for (std::int64_t expert = 0; expert < router_.experts(); ++expert) {
    const torch::Tensor gate = gates.select(-1, expert).unsqueeze(-1).to(hidden.scalar_type());
    // Most of the time when one token is decoded; elsewhere than on the CPU looking would cost more than it saves.
    if (onCpu && !gate.any().item<bool>()) continue;
    std::vector<torch::Tensor> own = base;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (const torch::Tensor added = inputs_[i].expertUpdate(hidden, expert); added.defined()) own[i] = own[i] + added;
    }
    const torch::Tensor activated = (config_.fusedInput ? activation(own[0]) : at::silu(own[0]) * own[1]) * gate;
    mixed = mixed.defined() ? mixed + activated : activated;
    if (const torch::Tensor added = down_.expertUpdate(activated, expert); added.defined())
      update = update.defined() ? update + added : added;
  }
  const torch::Tensor output = down_.forwardWithoutExperts(mixed, gating.pass);
  return update.defined() ? output + update : output;
}

}  // namespace orthoscribe::model
