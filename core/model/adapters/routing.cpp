// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/routing.h"

#include <ATen/ATen.h>

#include <utility>

namespace orthoscribe::model {

Router::Router(torch::Tensor weight, std::int64_t topK, bool normalise)
    : weight_(std::move(weight)), topK_(topK), normalise_(normalise) {}

Routing Router::route(const torch::Tensor& hidden) const {
  Routing routing;
  routing.logits = at::linear(hidden.to(at::kFloat), weight_.to(at::kFloat));
  routing.probs = at::softmax(routing.logits, -1);
  // A stable sort, because topk leaves the order of equal values open.
  const torch::Tensor order = std::get<1>(at::sort(routing.probs.detach(), /*stable=*/true, /*dim=*/-1, /*descending=*/true));
  routing.experts = order.narrow(-1, 0, topK_).contiguous();
  routing.weights = at::gather(routing.probs, -1, routing.experts);
  if (normalise_) routing.weights = routing.weights / routing.weights.sum(-1, true);
  routing.gates = at::zeros_like(routing.probs).scatter(-1, routing.experts, routing.weights);
  return routing;
}

}  // namespace orthoscribe::model
