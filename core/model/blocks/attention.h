// SPDX-License-Identifier: GPL-2.0-or-later
// Causal self-attention of a decoder: grouped key and value heads, rotary positions, optional sliding window.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <span>

#include "core/model/adapters/block_router.h"
#include "core/model/blocks/kv_cache.h"
#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/blocks/rotary.h"

namespace orthoscribe::model {

struct AttentionConfig {
  std::int64_t hidden = 0;
  std::int64_t heads = 0;
  std::int64_t kvHeads = 0;
  std::int64_t headSize = 0;
  bool inputBias = false;   // on q, k, v
  bool fusedInput = false;  // one qkv_proj in place of three linears
  bool headNorm = false;    // RMS norm of each head's queries and keys, before they are turned (Qwen3)
  double normEpsilon = 1e-6;
};

// A sequence among the rows of a pass.
struct CachedRows {
  std::int64_t begin = 0;
  std::int64_t count = 0;
  KvCache* cache = nullptr;
  // Bool [1, 1, count, T] (true: may look), T counts what the cache holds too; nothing: several rows are causal, one sees all.
  std::optional<torch::Tensor> mask;
};

class Attention {
 public:
  Attention(const Scope& scope, const AttentionConfig& config, Adapters adapters);

  // hidden [B, S, D]; mask bool (true: may look) or float, [B or 1, 1, S, S], or nothing: causal. pass: as in GatedMlp.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, const std::optional<torch::Tensor>& mask,
                        RoutingPass* pass = nullptr) const;

  // Rows of several sequences one behind the other, hidden [1, N, D], N of all together; each looks at its own cache only, to
  // which keys and values of `layer` are appended.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, std::span<const CachedRows> sequences,
                        std::int64_t layer, RoutingPass* pass = nullptr) const;

 private:
  // What the input linears make of hidden [B, S, D]: [B, heads, S, headSize], turned to their positions.
  struct Projected {
    torch::Tensor query, key, value;
  };
  Projected project(const torch::Tensor& hidden, const RotaryTables& tables, const Gating& gating) const;
  torch::Tensor output(const torch::Tensor& mixed, const Gating& gating) const;

  AttentionConfig config_;
  std::vector<Linear> inputs_;  // qkv, or q, k, v
  Linear output_;
  std::optional<RmsNorm> queryNorm_, keyNorm_;
  BlockRouter router_;
};

}  // namespace orthoscribe::model
