// SPDX-License-Identifier: GPL-2.0-or-later
// Causal self-attention of a decoder: grouped key and value heads, rotary positions, optional sliding window.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

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

class Attention {
 public:
  Attention(const Scope& scope, const AttentionConfig& config, Adapters adapters);

  // hidden [B, S, D]; mask bool (true: may look) or float, [B or 1, 1, S, T], or nothing: then S = T is causal and S = 1 sees
  // all. With a cache (B = 1) keys and values of `layer` are appended and T counts them all. pass: as in GatedMlp.
  torch::Tensor forward(const torch::Tensor& hidden, const RotaryTables& tables, const std::optional<torch::Tensor>& mask,
                        KvCache* cache, std::int64_t layer, RoutingPass* pass = nullptr) const;

 private:
  AttentionConfig config_;
  std::vector<Linear> inputs_;  // qkv, or q, k, v
  Linear output_;
  std::optional<RmsNorm> queryNorm_, keyNorm_;
  BlockRouter router_;
};

}  // namespace orthoscribe::model
