// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/routing_losses.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/learn/train/losses/mixtral_balance.h"
#include "core/learn/train/losses/router_z.h"
#include "core/learn/train/losses/switch_balance.h"
#include "core/learn/train/losses/topk_entropy.h"
#include "core/learn/train/losses/usage_entropy.h"

namespace orthoscribe::learn {

const std::vector<RoutingLoss>& routingLosses() {
  static const std::vector<RoutingLoss> losses = {
      {"topk_entropy_loss", topKEntropyLoss},       {"usage_entropy", usageEntropy},
      {"dense_usage_entropy", denseUsageEntropy},   {"switch_load_balance", switchBalanceLoss},
      {"mixtral_load_balance", mixtralBalanceLoss}, {"router_z", routerZLoss},
  };
  return losses;
}

const RoutingLoss& routingLossNamed(std::string_view name) {
  const auto& losses = routingLosses();
  const auto found = std::find_if(losses.begin(), losses.end(), [&](const RoutingLoss& loss) { return loss.name == name; });
  if (found != losses.end()) return *found;
  std::string known;
  for (const RoutingLoss& loss : losses) known += (known.empty() ? "" : ", ") + std::string(loss.name);
  throw Error(ErrorCode::InvalidInput, "the loss '" + std::string(name) + "' is unknown", "known are " + known);
}

}  // namespace orthoscribe::learn
