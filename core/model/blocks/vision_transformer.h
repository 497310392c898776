// SPDX-License-Identifier: GPL-2.0-or-later
// InternViT (skynova.md section 1.5): patches and a class token with learnt positions, layers with scaled residuals, no final
// norm.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/network.h"

namespace orthoscribe::model {

struct VisionTransformerConfig {
  std::int64_t hidden = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t intermediate = 0;
  std::int64_t patchSide = 0;  // pixels
  std::int64_t imageSide = 0;  // pixels; the side that the position table was learnt for
  double normEpsilon = 1e-6;
  bool rmsNorm = false;  // else layer norm
  bool qkvBias = true;
  bool qkNorm = false;             // RMS norm of the queries, and of the keys, over all heads together
  std::int64_t selectedState = 0;  // which of [embeddings, layer 1, ..., layer n] is given back
};

class VisionLayer {
 public:
  VisionLayer(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters = {});
  // [tiles, T, hidden] -> the same shape.
  torch::Tensor forward(const torch::Tensor& hidden) const;

 private:
  using Norm = std::variant<LayerNorm, RmsNorm>;
  static Norm makeNorm(const Scope& scope, const VisionTransformerConfig& config);
  static torch::Tensor normalise(const Norm& norm, const torch::Tensor& input);
  torch::Tensor attend(const torch::Tensor& input) const;

  std::int64_t heads_;
  Norm norm1_, norm2_;
  Linear qkv_, projection_, expand_, reduce_;
  std::optional<RmsNorm> queryNorm_, keyNorm_;
  torch::Tensor scale1_, scale2_;
};

class VisionTransformer {
 public:
  // scope holds "embeddings" and "encoder.layers.N".
  VisionTransformer(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters = {});

  // pixels [tiles, 3, H, W] -> patches [tiles, H/patch * W/patch, hidden], rows first, without the class token. Throws
  // Error{InvalidInput} when H or W is no multiple of the patch.
  torch::Tensor forward(const torch::Tensor& pixels, const Observer* observer) const;

 private:
  torch::Tensor embed(const torch::Tensor& pixels) const;
  // The table, resampled where the grid is another than it was learnt for.
  torch::Tensor positionsFor(std::int64_t rows, std::int64_t columns) const;

  VisionTransformerConfig config_;
  torch::Tensor classToken_;     // [1, 1, hidden]
  torch::Tensor patchWeight_;    // [hidden, 3, patch, patch]
  torch::Tensor patchBias_;      // [hidden]
  torch::Tensor positionTable_;  // [1, 1 + side * side, hidden], the class token's first
  std::vector<VisionLayer> layers_;
};

}  // namespace orthoscribe::model
