// SPDX-License-Identifier: GPL-2.0-or-later
// The vision tower of Qwen3-VL (reference/rscovlm.md 1.7): learnt positions on a grid that is interpolated to the picture's, full
// attention, and features of middle layers that are added to the decoder's first layers (deepstack).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/blocks/image_encoder.h"
#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/blocks/patch_attention.h"
#include "core/model/blocks/patch_merger.h"
#include "core/model/blocks/qwen_vision.h"

namespace orthoscribe::model {

struct Qwen3VisionConfig {
  QwenVisionConfig tower;
  std::int64_t positionSide = 0;         // of the grid of learnt positions
  std::vector<std::int64_t> deepLayers;  // after which features are taken for the decoder's layers 0, 1, ...
};

class Qwen3VisionLayer {
 public:
  Qwen3VisionLayer(const Scope& scope, const QwenVisionConfig& config);
  // hidden [patches, hidden] -> the same shape; ends as PatchAttention takes them.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, std::span<const std::int64_t> ends) const;

 private:
  LayerNorm attentionNorm_;
  PatchAttention attention_;
  LayerNorm mlpNorm_;
  Linear expand_, reduce_;
};

class Qwen3Vision : public ImageEncoder {
 public:
  // scope holds "patch_embed.proj", "pos_embed", "blocks.N", "merger" and "deepstack_merger_list.N".
  Qwen3Vision(const Scope& scope, const Qwen3VisionConfig& config);

  std::int64_t addedLayers() const override { return static_cast<std::int64_t>(deepMergers_.size()); }

  // pixels as Qwen25Vision takes them -> [tokens, outputs * (1 + addedLayers())]: the row of a token, then what is added to it.
  // Tells vision_patch_embed, vision_block_first, vision_features ([patches, hidden]), vision_deepstack_N and vision_projected
  // ([tokens, outputs]); and vision_block after every layer.
  torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const override;

 private:
  Qwen3VisionConfig config_;
  PatchEmbedding embedding_;
  torch::Tensor positions_;  // [positionSide^2, hidden]
  std::vector<Qwen3VisionLayer> layers_;
  PatchMerger merger_;
  std::vector<PatchMerger> deepMergers_;
};

// table [side * side, hidden], rows first -> [rows, columns, hidden]: the corners of both grids meet, between them it is
// bilinear, computed in float32.
torch::Tensor interpolatedPositions(const torch::Tensor& table, std::int64_t side, std::int64_t rows, std::int64_t columns);

}  // namespace orthoscribe::model
