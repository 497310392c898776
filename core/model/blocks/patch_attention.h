// SPDX-License-Identifier: GPL-2.0-or-later
// Self-attention of Qwen's vision towers: one linear for queries, keys and values, rotary positions in the plane, and segments
// that do not see each other.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>

#include "core/model/blocks/linear.h"
#include "core/model/blocks/rotary.h"

namespace orthoscribe::model {

class PatchAttention {
 public:
  // scope holds "qkv" and "proj", both with biases. heads divides hidden.
  PatchAttention(const Scope& scope, std::int64_t hidden, std::int64_t heads);

  // hidden [patches, hidden] -> the same shape. ends: 0, then the end of each segment, the last one that of all patches.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, std::span<const std::int64_t> ends) const;

 private:
  std::int64_t heads_;
  Linear qkv_, projection_;
};

}  // namespace orthoscribe::model
