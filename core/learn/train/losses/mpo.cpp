// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/mpo.h"

#include <ATen/ATen.h>

#include "core/learn/train/losses/bco_pair.h"
#include "core/learn/train/losses/chosen_likelihood.h"
#include "core/learn/train/losses/dpo.h"

namespace orthoscribe::learn {

MpoLoss mpoLoss(const PreferencePairs& pairs, const MpoOptions& options, double delta) {
  MpoLoss loss{.dpo = dpoLoss(pairs, options.beta, options.labelSmoothing),
               .bco = bcoPairLoss(pairs, options.beta, delta),
               .likelihood = chosenNegativeLogLikelihood(pairs),
               .total = {}};
  loss.total = options.dpoWeight * loss.dpo + options.bcoWeight * loss.bco + options.likelihoodWeight * loss.likelihood;
  return loss;
}

}  // namespace orthoscribe::learn
