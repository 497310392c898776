// SPDX-License-Identifier: GPL-2.0-or-later
// Mixed preference optimisation (Wang et al. 2024, InternVL-MPO): which answer is better, how good each is, how to write the
// better one.
#pragma once

#include "core/learn/train/losses/preference_pairs.h"

namespace orthoscribe::learn {

struct MpoOptions {
  double beta = 0.1;
  double labelSmoothing = 0;  // of the DPO part
  double dpoWeight = 0.8;
  double bcoWeight = 0.2;
  double likelihoodWeight = 1;
};

struct MpoLoss {
  torch::Tensor dpo, bco, likelihood;  // scalars
  torch::Tensor total;
};

// delta: see bcoPairLoss.
MpoLoss mpoLoss(const PreferencePairs& pairs, const MpoOptions& options, double delta);

}  // namespace orthoscribe::learn
