// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps a router's logits small (Zoph et al. 2022, ST-MoE, equation 5).
#pragma once

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// The mean over layers and tokens of the squared logarithm of the sum of exp(logits). Scalar.
torch::Tensor routerZLoss(const RoutedTokens& routed);

}  // namespace orthoscribe::learn
