// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/chosen_likelihood.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor chosenNegativeLogLikelihood(const PreferencePairs& pairs) {
  const torch::Tensor absent = pairs.chosen.mask.eq(0);
  return -pairs.chosen.policy.masked_fill(absent, 0).sum() / absent.logical_not().sum();
}

}  // namespace orthoscribe::learn
