// SPDX-License-Identifier: GPL-2.0-or-later
// The balance loss of Switch Transformers (Fedus et al. 2022, equations 4 to 6).
#pragma once

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// The mean over layers of E sum_e f_e P_e: f_e the share of tokens whose first choice is e, P_e the mean probability of e.
// Scalar, 1 when all is even. Only P is differentiable.
torch::Tensor switchBalanceLoss(const RoutedTokens& routed);

}  // namespace orthoscribe::learn
