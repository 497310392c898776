// SPDX-License-Identifier: GPL-2.0-or-later
// Even use of all experts by a batch (parity/README.md, losses_e4_k2).
#pragma once

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// The mean over layers of H(u), u_e the mean over tokens of the weight of expert e, 0 where it was not chosen; natural logarithm.
// Scalar, between 0 and ln E; larger is more even, so its weight in a sum to be lowered is negative.
torch::Tensor usageEntropy(const RoutedTokens& routed);

// The same of the mean probability of each expert: its gradient reaches experts that no token chose (skynova.md section 4.2).
torch::Tensor denseUsageEntropy(const RoutedTokens& routed);

}  // namespace orthoscribe::learn
