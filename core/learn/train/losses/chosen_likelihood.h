// SPDX-License-Identifier: GPL-2.0-or-later
// How well the policy says the better answers: keeps preference optimisation from forgetting how to write them.
#pragma once

#include "core/learn/train/losses/preference_pairs.h"

namespace orthoscribe::learn {

// The mean over all tokens of the batch's chosen answers of -ln p. Scalar.
torch::Tensor chosenNegativeLogLikelihood(const PreferencePairs& pairs);

}  // namespace orthoscribe::learn
