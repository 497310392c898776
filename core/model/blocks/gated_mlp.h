// SPDX-License-Identifier: GPL-2.0-or-later
// The gated feed-forward block down(silu(gate(x)) * up(x)) (Shazeer 2020), with a mixture of LoRA experts where an adapter brings
// one.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/model/adapters/block_router.h"
#include "core/model/blocks/linear.h"

namespace orthoscribe::model {

struct GatedMlpConfig {
  std::int64_t hidden = 0;
  std::int64_t intermediate = 0;
  bool fusedInput = false;  // one gate_up_proj: first half gate, second half up
};

class GatedMlp {
 public:
  GatedMlp(const Scope& scope, const GatedMlpConfig& config, Adapters adapters);

  // hidden [.., D] -> [.., D]. pass: what routers may go by, and who hears what they say; may be null.
  torch::Tensor forward(const torch::Tensor& hidden, RoutingPass* pass = nullptr) const;

 private:
  torch::Tensor activation(const torch::Tensor& gateAndUp) const;
  torch::Tensor mixedBlocks(const torch::Tensor& hidden, const Gating& gating) const;

  GatedMlpConfig config_;
  std::vector<Linear> inputs_;  // gate_up, or gate, up
  Linear down_;
  BlockRouter router_;
};

}  // namespace orthoscribe::model
