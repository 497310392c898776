// SPDX-License-Identifier: GPL-2.0-or-later
// Even use of all experts where a step is several micro-batches, each too small to judge by (skynova.md section 4.4).
#pragma once

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

// The mean over layers of 1 - H(m)/ln E, m the running mean (0.9) of the mean probability of each expert. Its gradient is
// (ln m + 1)/ln E times that of the present mean. memory: float64 [layers, E], moved on, undefined before the first time; it
// stays where no token counts. Scalar; 0 for one expert.
torch::Tensor runningUsageLoss(const RoutedTokens& routed, torch::Tensor& memory);

}  // namespace orthoscribe::learn
