// SPDX-License-Identifier: GPL-2.0-or-later
// The vision tower of Qwen2.5-VL (reference/rscovlm.md 1.2): most layers attend within windows, few over the whole picture.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "core/model/blocks/image_encoder.h"
#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/blocks/patch_attention.h"
#include "core/model/blocks/patch_merger.h"
#include "core/model/blocks/qwen_vision.h"

namespace orthoscribe::model {

struct Qwen25VisionConfig {
  QwenVisionConfig tower;
  std::int64_t windowTokens = 0;      // along a window
  std::set<std::int64_t> fullLayers;  // those that attend over the whole picture
};

class Qwen25VisionLayer {
 public:
  Qwen25VisionLayer(const Scope& scope, const QwenVisionConfig& config);
  // hidden [patches, hidden] -> the same shape; ends as PatchAttention takes them.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, std::span<const std::int64_t> ends) const;

 private:
  RmsNorm attentionNorm_;
  PatchAttention attention_;
  RmsNorm mlpNorm_;
  Linear gate_, up_, down_;
};

class Qwen25Vision : public ImageEncoder {
 public:
  // scope holds "patch_embed.proj", "blocks.N" and "merger".
  Qwen25Vision(const Scope& scope, const Qwen25VisionConfig& config);

  // pixels [1, rows / merge, columns / merge, merge * merge, patchValues]: one picture -> [tokens, outputs], rows first. Tells
  // vision_patch_embed, vision_block_first, vision_features ([patches, hidden]), vision_projected, window_index [tokens] and
  // cu_window_seqlens; and vision_block after every layer, in the order of the windows.
  torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const override;

 private:
  Qwen25VisionConfig config_;
  PatchEmbedding embedding_;
  std::vector<Qwen25VisionLayer> layers_;
  PatchMerger merger_;
};

}  // namespace orthoscribe::model
