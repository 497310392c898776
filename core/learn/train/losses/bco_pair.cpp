// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/bco_pair.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor bcoPairLoss(const PreferencePairs& pairs, double beta, double delta) {
  const torch::Tensor chosen = beta * pairs.chosen.logRatios() - delta;
  const torch::Tensor rejected = beta * pairs.rejected.logRatios() - delta;
  return -(at::log_sigmoid(chosen) + at::log_sigmoid(-rejected)).mean();
}

double bcoShift(const PreferencePairs& pairs, double beta) {
  const PreferenceRewards rewards = rewardsOf(pairs, beta);
  return at::cat({rewards.chosen, rewards.rejected}).mean().item<double>();
}

}  // namespace orthoscribe::learn
