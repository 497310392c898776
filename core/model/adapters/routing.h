// SPDX-License-Identifier: GPL-2.0-or-later
// Which experts a token goes to: the router of one layer's mixture of LoRA experts.
#pragma once

#include <torch/types.h>

#include <cstdint>

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

// p = softmax(W x), the k largest, w = p / sum of the chosen (parity/README.md, mole_reference).
class Router {
 public:
  Router(torch::Tensor weight, std::int64_t topK, bool normalise);
  // hidden [.., D]. Differentiable.
  Routing route(const torch::Tensor& hidden) const;
  std::int64_t experts() const { return weight_.size(0); }

 private:
  torch::Tensor weight_;  // [E, D]
  std::int64_t topK_;
  bool normalise_;
};

}  // namespace orthoscribe::model
