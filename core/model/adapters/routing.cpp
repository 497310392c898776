// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/routing.h"

#include <ATen/ATen.h>

#include <utility>

#include "core/base/error.h"

namespace orthoscribe::model {

Router::Router(torch::Tensor weight, std::int64_t topK, bool normalise, RouterInput input)
    : weight_(std::move(weight)), topK_(topK), normalise_(normalise), input_(input) {}

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

Routing Router::route(const torch::Tensor& hidden, RoutingPass* pass, const std::string& place) const {
  torch::Tensor input = hidden;
  if (input_ != RouterInput::Layer) {
    if (pass) input = input_ == RouterInput::Tokens ? pass->tokens : pass->instruction;
    if (!pass || !input.defined())
      throw Error(ErrorCode::Unsupported,
                  "the router of '" + place + "' goes by the decoder's tokens, which are not known there");
  }
  Routing routing = route(input);
  if (pass && pass->heard) pass->heard->push_back({place, routing});
  return routing;
}

}  // namespace orthoscribe::model
