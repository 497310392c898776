// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/qwen3_vision.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "core/model/blocks/patch_grid.h"

namespace orthoscribe::model {
namespace {

LinearShape biased(std::int64_t inputs, std::int64_t outputs) {
  return {.inputs = inputs, .outputs = outputs, .bias = true, .parts = {}};
}

PatchMergerConfig mergerConfig(const QwenVisionConfig& config, bool normsTokens) {
  return {.hidden = config.hidden,
          .patches = config.patchesOfToken(),
          .outputs = config.outputs,
          .normEpsilon = config.normEpsilon,
          .normsTokens = normsTokens};
}

// values [count, ..] at `length` places from the first to the last of them.
torch::Tensor stretched(const torch::Tensor& values, std::int64_t length) {
  const std::int64_t last = values.size(0) - 1;
  const torch::Tensor places = at::linspace(0.0, static_cast<double>(last), length, values.options());
  const torch::Tensor before = places.floor();
  const torch::Tensor share = (places - before).view({-1, 1, 1});
  const torch::Tensor from = before.to(at::kLong);
  const torch::Tensor to = at::clamp_max(from + 1, last);
  return values.index_select(0, from) * (1.0 - share) + values.index_select(0, to) * share;
}

}  // namespace

torch::Tensor interpolatedPositions(const torch::Tensor& table, std::int64_t side, std::int64_t rows, std::int64_t columns) {
  const torch::Tensor grid = table.to(at::kFloat).view({side, side, -1});
  const torch::Tensor tall = stretched(grid, rows);
  return stretched(tall.transpose(0, 1), columns).transpose(0, 1).to(table.scalar_type());
}

Qwen3VisionLayer::Qwen3VisionLayer(const Scope& scope, const QwenVisionConfig& config)
    : attentionNorm_(scope.sub("norm1"), config.hidden, config.normEpsilon),
      attention_(scope.sub("attn"), config.hidden, config.heads),
      mlpNorm_(scope.sub("norm2"), config.hidden, config.normEpsilon),
      expand_(scope.sub("mlp.linear_fc1"), biased(config.hidden, config.intermediate)),
      reduce_(scope.sub("mlp.linear_fc2"), biased(config.intermediate, config.hidden)) {}

torch::Tensor Qwen3VisionLayer::forward(const torch::Tensor& hidden, const RotaryTables& tables,
                                        std::span<const std::int64_t> ends) const {
  const torch::Tensor attended = hidden + attention_.forward(attentionNorm_.forward(hidden), tables, ends);
  return attended + reduce_.forward(at::gelu(expand_.forward(mlpNorm_.forward(attended)), "tanh"));
}

Qwen3Vision::Qwen3Vision(const Scope& scope, const Qwen3VisionConfig& config)
    : config_(config),
      embedding_(scope.sub("patch_embed.proj"), config.tower, true),
      positions_(scope.sub("pos_embed").take("weight", {config.positionSide * config.positionSide, config.tower.hidden})),
      merger_(PatchMerger::withLayerNorm(scope.sub("merger"), mergerConfig(config.tower, false))) {
  for (std::int64_t layer = 0; layer < config.tower.layers; ++layer)
    layers_.emplace_back(scope.sub("blocks", layer), config.tower);
  for (std::size_t i = 0; i < config.deepLayers.size(); ++i) {
    deepMergers_.push_back(PatchMerger::withLayerNorm(scope.sub("deepstack_merger_list", static_cast<std::int64_t>(i)),
                                                      mergerConfig(config.tower, true)));
  }
}

torch::Tensor Qwen3Vision::encode(const torch::Tensor& pixels, const Observer* observer) const {
  const QwenVisionConfig& tower = config_.tower;
  const PatchGrid grid = gridOf(pixels, tower.merge, tower.patchValues());
  torch::Tensor hidden = embedding_.forward(pixels);
  tell(observer, "vision_patch_embed", hidden);
  hidden = hidden + inPatchOrder(interpolatedPositions(positions_, config_.positionSide, grid.rows, grid.columns), grid);
  const RotaryTables tables = patchRotary(grid, tower.hidden / tower.heads, pixels.device());
  const std::vector<std::int64_t> whole = {0, grid.patches()};
  std::vector<torch::Tensor> columns(1 + deepMergers_.size());
  for (std::int64_t layer = 0; layer < tower.layers; ++layer) {
    hidden = layers_[static_cast<std::size_t>(layer)].forward(hidden, tables, whole);
    tell(observer, "vision_block", hidden);
    if (layer == 0) tell(observer, "vision_block_first", hidden);
    for (std::size_t deep = 0; deep < deepMergers_.size(); ++deep) {
      if (config_.deepLayers[deep] != layer) continue;
      columns[1 + deep] = deepMergers_[deep].forward(hidden);
      tell(observer, "vision_deepstack_" + std::to_string(deep), columns[1 + deep]);
    }
  }
  tell(observer, "vision_features", hidden);
  columns[0] = merger_.forward(hidden);
  tell(observer, "vision_projected", columns[0]);
  return at::cat(columns, 1);
}

}  // namespace orthoscribe::model
