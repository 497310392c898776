// SPDX-License-Identifier: GPL-2.0-or-later
// The balance loss of Mixtral (transformers, load_balancing_loss_func).
#pragma once

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// E sum_{j,e} f_{j,e} P_e over the tokens of all layers together: f_{j,e} the share of tokens whose j-th choice is e, P_e the
// mean probability of e. Scalar, k when all is even. Only P is differentiable. All layers have the same experts.
torch::Tensor mixtralBalanceLoss(const RoutedTokens& routed);

}  // namespace orthoscribe::learn
