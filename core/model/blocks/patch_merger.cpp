// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/patch_merger.h"

#include <ATen/ATen.h>

#include <utility>

namespace orthoscribe::model {
namespace {

std::int64_t together(const PatchMergerConfig& config) {
  return config.hidden * config.patches;
}

std::int64_t normed(const PatchMergerConfig& config) {
  return config.normsTokens ? together(config) : config.hidden;
}

}  // namespace

PatchMerger::PatchMerger(const PatchMergerConfig& config, Norm norm, const Scope& first, const Scope& second)
    : config_(config),
      norm_(std::move(norm)),
      first_(first, {.inputs = together(config), .outputs = together(config), .bias = true, .parts = {}}),
      second_(second, {.inputs = together(config), .outputs = config.outputs, .bias = true, .parts = {}}) {}

PatchMerger PatchMerger::withRmsNorm(const Scope& scope, const PatchMergerConfig& config) {
  return {config, RmsNorm(scope.sub("ln_q"), normed(config), config.normEpsilon), scope.sub("mlp.0"), scope.sub("mlp.2")};
}

PatchMerger PatchMerger::withLayerNorm(const Scope& scope, const PatchMergerConfig& config) {
  return {config, LayerNorm(scope.sub("norm"), normed(config), config.normEpsilon), scope.sub("linear_fc1"),
          scope.sub("linear_fc2")};
}

torch::Tensor PatchMerger::forward(const torch::Tensor& patches) const {
  const torch::Tensor input = patches.reshape({-1, normed(config_)});
  const torch::Tensor normalised = std::visit([&](const auto& norm) { return norm.forward(input); }, norm_);
  return second_.forward(at::gelu(first_.forward(normalised.reshape({-1, together(config_)}))));
}

}  // namespace orthoscribe::model
