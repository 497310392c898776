// SPDX-License-Identifier: GPL-2.0-or-later
// Which experts a token or a sequence goes to.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/adapters/adapter_bank.h"
#include "core/model/adapters/adapter_config.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// [.., E] and [.., k] in float32 whatever the model's precision; the leading dimensions are those of the router's input.
struct Routing {
  torch::Tensor logits;   // [.., E]
  torch::Tensor probs;    // [.., E], softmax of all
  torch::Tensor experts;  // int64 [.., k], largest first, ties to the lowest index
  torch::Tensor weights;  // [.., k], probs of the chosen, divided by their sum when normalised
  torch::Tensor gates;    // [.., E], weights at the chosen, zero elsewhere
};

struct HeardRouting {
  std::string place;  // within its layer: "mlp", "self_attn", "mlp.down_proj"
  Routing routing;
};

// What the routers of one forward pass may go by besides the input of their own layer, and what they said; and which expert of an
// adapter bank each row goes through.
struct RoutingPass {
  torch::Tensor tokens;       // [B, S, D], the rows that the decoder began with
  torch::Tensor instruction;  // [B, 1, D], the mean row of the instruction; or one for each row, [B, S, D]
  std::vector<HeardRouting>* heard = nullptr;
  const RowExperts* rows = nullptr;  // null: all through the base
};

// p = softmax(W x), the k largest, w = p / sum of the chosen (parity/README.md, mole_reference).
class Router {
 public:
  Router(torch::Tensor weight, std::int64_t topK, bool normalise, RouterInput input = RouterInput::Layer);
  // hidden [.., D]. Differentiable.
  Routing route(const torch::Tensor& hidden) const;
  // Routes what this router goes by: hidden, or what the pass holds; tells the pass, which may be null for RouterInput::Layer.
  Routing route(const torch::Tensor& hidden, RoutingPass* pass, const std::string& place) const;
  std::int64_t experts() const { return weight_.size(0); }

 private:
  torch::Tensor weight_;  // [E, D]
  std::int64_t topK_;
  bool normalise_;
  RouterInput input_;
};

// What a block hands to its linears: the gates of its router, undefined where it has none, and the pass.
struct Gating {
  torch::Tensor gates;  // float32 [.., E]
  RoutingPass* pass = nullptr;
};

}  // namespace orthoscribe::model
