// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/block_router.h"

#include "core/base/error.h"

namespace orthoscribe::model {

BlockRouter::BlockRouter(Adapters adapters, const std::string& module, std::int64_t inputs)
    : place_(module.substr(module.rfind('.') + 1)) {
  for (const Adapter& adapter : adapters) {
    std::optional<Router> router = adapter.routerFor(module, inputs);
    if (!router) continue;
    if (router_) {
      throw Error(ErrorCode::Unsupported, "two adapters bring a router for '" + module + "'",
                  "use one mixture of experts at a time");
    }
    router_ = std::move(router);
    mixing_ = adapter.config().mixing;
  }
}

Gating BlockRouter::route(const torch::Tensor& hidden, RoutingPass* pass) const {
  return {.gates = router_ ? router_->route(hidden, pass, place_).gates : torch::Tensor(), .pass = pass};
}

}  // namespace orthoscribe::model
