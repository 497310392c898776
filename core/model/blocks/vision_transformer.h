// SPDX-License-Identifier: GPL-2.0-or-later
// Vision transformers of one plan: patches and a class token with learnt positions, then layers that normalise before they attend
// and before their two linears. InternViT (skynova.md section 1.5) scales its residuals and has no final norm, EVA ViT-g of
// InstructBLIP (rsmoe_and_metrics.md section 3) the other way round.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/network.h"

namespace orthoscribe::model {

// What a checkpoint calls the parts; those of InternVL-chat. What has no name is not there.
struct VisionTransformerNames {
  std::string classToken = "embeddings.class_embedding";
  std::string patches = "embeddings.patch_embedding";
  std::string positions = "embeddings.position_embedding";
  std::string layers = "encoder.layers";
  std::string finalNorm = {};  // a layer norm
  // Inside a layer.
  std::string firstNorm = "norm1";
  std::string secondNorm = "norm2";
  std::vector<std::string> queryKeyValue = {"attn.qkv"};  // one linear for all, or three
  std::string queryNorm = "attn.q_norm";
  std::string keyNorm = "attn.k_norm";
  std::string projection = "attn.proj";
  std::string firstScale = "ls1";
  std::string secondScale = "ls2";
};

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
  bool qkNorm = false;  // RMS norm of the queries, and of the keys, over all heads together
  double qkNormEpsilon = 1e-6;
  std::int64_t selectedState = 0;  // which of [embeddings, layer 1, ..., layer n] is given back
  bool keepsClassToken = false;    // as the first row of what is given back
  VisionTransformerNames names;
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
  std::vector<torch::Tensor> queryKeyValue(const torch::Tensor& input) const;
  static torch::Tensor scaled(const torch::Tensor& scale, const torch::Tensor& residual);

  std::int64_t heads_;
  Norm norm1_, norm2_;
  std::vector<Linear> inputs_;  // one for queries, keys and values, or three
  Linear projection_, expand_, reduce_;
  std::optional<RmsNorm> queryNorm_, keyNorm_;
  torch::Tensor scale1_, scale2_;  // undefined: residuals are not scaled
};

class VisionTransformer {
 public:
  // scope holds what config.names says, with "weight" and "bias" of the linears "mlp.fc1" and "mlp.fc2" in every layer.
  VisionTransformer(const Scope& scope, const VisionTransformerConfig& config, Adapters adapters = {});

  // pixels [tiles, 3, H, W] -> patches [tiles, H/patch * W/patch (+ 1 with the class token), hidden], rows first. Throws
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
  std::optional<LayerNorm> finalNorm_;
};

}  // namespace orthoscribe::model
