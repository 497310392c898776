// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/preference_pairs.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor JudgedAnswers::logRatios() const {
  // Chosen, not multiplied: what a masked place holds need not be a number.
  return (policy - reference.detach()).masked_fill(mask.eq(0), 0).sum(-1);
}

PreferenceRewards rewardsOf(const PreferencePairs& pairs, double beta) {
  PreferenceRewards rewards{.chosen = (pairs.chosen.logRatios() * beta).detach(),
                            .rejected = (pairs.rejected.logRatios() * beta).detach()};
  rewards.accuracy = rewards.chosen.gt(rewards.rejected).to(at::kDouble).mean().item<double>();
  return rewards;
}

}  // namespace orthoscribe::learn
