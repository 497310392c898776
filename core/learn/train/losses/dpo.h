// SPDX-License-Identifier: GPL-2.0-or-later
// Direct preference optimisation (Rafailov et al. 2023), with label smoothing (Mitchell 2023).
#pragma once

#include "core/learn/train/losses/preference_pairs.h"

namespace orthoscribe::learn {

// The mean over pairs of -(1 - s) ln sigmoid(z) - s ln sigmoid(-z), z = beta (log-ratio of chosen - log-ratio of rejected), s the
// share of pairs that are taken to be the wrong way round. Scalar.
torch::Tensor dpoLoss(const PreferencePairs& pairs, double beta, double labelSmoothing = 0);

}  // namespace orthoscribe::learn
