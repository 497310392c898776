// SPDX-License-Identifier: GPL-2.0-or-later
// Binary classifier optimisation on pairs (Jung et al. 2024), the quality loss of MPO.
#pragma once

#include "core/learn/train/losses/preference_pairs.h"

namespace orthoscribe::learn {

// The mean over pairs of -ln sigmoid(r_chosen - delta) - ln sigmoid(-(r_rejected - delta)), r = beta * log-ratio. Scalar.
// delta: where good answers part from bad ones; training carries a running mean of bcoShift.
torch::Tensor bcoPairLoss(const PreferencePairs& pairs, double beta, double delta);

// The mean of r over all answers of the batch; without a gradient.
double bcoShift(const PreferencePairs& pairs, double beta);

}  // namespace orthoscribe::learn
