// SPDX-License-Identifier: GPL-2.0-or-later
// The losses on routers by the names that fixtures and training configurations give them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

struct RoutingLoss {
  std::string_view name;
  torch::Tensor (*compute)(const RoutedTokens& routed);  // scalar, differentiable
};

const std::vector<RoutingLoss>& routingLosses();

// Throws Error{InvalidInput} with the known names.
const RoutingLoss& routingLossNamed(std::string_view name);

}  // namespace orthoscribe::learn
