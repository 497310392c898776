// SPDX-License-Identifier: GPL-2.0-or-later
// The router of a block (attention or feed-forward) whose linears share one choice of experts.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/adapters/adapter.h"

namespace orthoscribe::model {

class BlockRouter {
 public:
  // module: the block's name, "model.layers.3.mlp"; inputs: width of what the block sees. Throws Error{Unsupported} when two
  // adapters bring a router for it.
  BlockRouter(Adapters adapters, const std::string& module, std::int64_t inputs);

  bool exists() const { return router_.has_value(); }
  Mixing mixing() const { return mixing_; }
  std::int64_t experts() const { return router_ ? router_->experts() : 0; }

  // hidden [.., D] -> what the block's linears need. Without a router: no gates.
  Gating route(const torch::Tensor& hidden, RoutingPass* pass) const;

 private:
  std::optional<Router> router_;
  Mixing mixing_ = Mixing::PerLinear;
  std::string place_;
};

}  // namespace orthoscribe::model
