// SPDX-License-Identifier: GPL-2.0-or-later
// Even use of the experts that a token goes to (SkyNova's entropy balancing, skynova.md section 4.1;
// parity/README.md, losses_e4_k2).
#pragma once

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// The mean over layers and tokens of -H(w), w the weights of the chosen experts, natural logarithm. Scalar, between -ln k and 0;
// smaller is more even.
torch::Tensor topKEntropyLoss(const RoutedTokens& routed);

}  // namespace orthoscribe::learn
