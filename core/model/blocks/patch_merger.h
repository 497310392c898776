// SPDX-License-Identifier: GPL-2.0-or-later
// From a square of neighbouring patches to one row of the decoder: norm, two linears with exact GELU between (Qwen's "merger").
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <variant>

#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"

namespace orthoscribe::model {

struct PatchMergerConfig {
  std::int64_t hidden = 0;   // of a patch
  std::int64_t patches = 0;  // that make a token; they follow each other
  std::int64_t outputs = 0;
  double normEpsilon = 1e-6;
  bool normsTokens = false;  // the norm is over all patches of a token together, not over each
};

class PatchMerger {
 public:
  // scope holds "ln_q" (RMS norm), "mlp.0" and "mlp.2", as Qwen2.5-VL names them,
  static PatchMerger withRmsNorm(const Scope& scope, const PatchMergerConfig& config);
  // or "norm" (layer norm), "linear_fc1" and "linear_fc2", as Qwen3-VL does.
  static PatchMerger withLayerNorm(const Scope& scope, const PatchMergerConfig& config);

  // [patches of all tokens, hidden] -> [tokens, outputs]
  torch::Tensor forward(const torch::Tensor& patches) const;

 private:
  using Norm = std::variant<RmsNorm, LayerNorm>;
  PatchMerger(const PatchMergerConfig& config, Norm norm, const Scope& first, const Scope& second);

  PatchMergerConfig config_;
  Norm norm_;
  Linear first_, second_;
};

}  // namespace orthoscribe::model
