// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/qwen25_vision.h"

#include <ATen/ATen.h>

#include "core/model/blocks/patch_grid.h"

namespace orthoscribe::model {
namespace {

LinearShape biased(std::int64_t inputs, std::int64_t outputs) {
  return {.inputs = inputs, .outputs = outputs, .bias = true, .parts = {}};
}

PatchMergerConfig mergerConfig(const QwenVisionConfig& config) {
  return {
      .hidden = config.hidden, .patches = config.patchesOfToken(), .outputs = config.outputs, .normEpsilon = config.normEpsilon};
}

// Rows of patches, moved as whole tokens.
torch::Tensor reordered(const torch::Tensor& patches, const torch::Tensor& tokens, std::int64_t patchesOfToken) {
  return patches.reshape({-1, patchesOfToken, patches.size(1)}).index_select(0, tokens).flatten(0, 1);
}

}  // namespace

Qwen25VisionLayer::Qwen25VisionLayer(const Scope& scope, const QwenVisionConfig& config)
    : attentionNorm_(scope.sub("norm1"), config.hidden, config.normEpsilon),
      attention_(scope.sub("attn"), config.hidden, config.heads),
      mlpNorm_(scope.sub("norm2"), config.hidden, config.normEpsilon),
      gate_(scope.sub("mlp.gate_proj"), biased(config.hidden, config.intermediate)),
      up_(scope.sub("mlp.up_proj"), biased(config.hidden, config.intermediate)),
      down_(scope.sub("mlp.down_proj"), biased(config.intermediate, config.hidden)) {}

torch::Tensor Qwen25VisionLayer::forward(const torch::Tensor& hidden, const RotaryTables& tables,
                                         std::span<const std::int64_t> ends) const {
  const torch::Tensor attended = hidden + attention_.forward(attentionNorm_.forward(hidden), tables, ends);
  const torch::Tensor normalised = mlpNorm_.forward(attended);
  return attended + down_.forward(at::silu(gate_.forward(normalised)) * up_.forward(normalised));
}

Qwen25Vision::Qwen25Vision(const Scope& scope, const Qwen25VisionConfig& config)
    : config_(config),
      embedding_(scope.sub("patch_embed.proj"), config.tower, false),
      merger_(PatchMerger::withRmsNorm(scope.sub("merger"), mergerConfig(config.tower))) {
  for (std::int64_t layer = 0; layer < config.tower.layers; ++layer)
    layers_.emplace_back(scope.sub("blocks", layer), config.tower);
}

torch::Tensor Qwen25Vision::encode(const torch::Tensor& pixels, const Observer* observer) const {
  const QwenVisionConfig& tower = config_.tower;
  const PatchGrid grid = gridOf(pixels, tower.merge, tower.patchValues());
  const WindowPlan windows = planWindows(grid, config_.windowTokens);
  const torch::Tensor order = windows.order.to(pixels.device());
  const torch::Tensor back = order.argsort();
  const std::vector<std::int64_t> whole = {0, grid.patches()};
  tell(observer, "window_index", windows.order);
  tell(observer, "cu_window_seqlens", at::tensor(windows.ends, at::kLong));

  torch::Tensor hidden = embedding_.forward(pixels);
  tell(observer, "vision_patch_embed", hidden);
  hidden = reordered(hidden, order, tower.patchesOfToken());
  RotaryTables tables = patchRotary(grid, tower.hidden / tower.heads, pixels.device());
  tables = {reordered(tables.cosine, order, tower.patchesOfToken()), reordered(tables.sine, order, tower.patchesOfToken())};
  for (std::int64_t layer = 0; layer < tower.layers; ++layer) {
    const bool full = config_.fullLayers.contains(layer);
    hidden = layers_[static_cast<std::size_t>(layer)].forward(hidden, tables, full ? whole : windows.ends);
    tell(observer, "vision_block", hidden);
    if (layer == 0 && observer) tell(observer, "vision_block_first", reordered(hidden, back, tower.patchesOfToken()));
  }
  if (observer) tell(observer, "vision_features", reordered(hidden, back, tower.patchesOfToken()));
  const torch::Tensor projected = merger_.forward(hidden).index_select(0, back);
  tell(observer, "vision_projected", projected);
  return projected;
}

}  // namespace orthoscribe::model
