// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/dpo.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor dpoLoss(const PreferencePairs& pairs, double beta, double labelSmoothing) {
  const torch::Tensor margin = beta * (pairs.chosen.logRatios() - pairs.rejected.logRatios());
  return -((1 - labelSmoothing) * at::log_sigmoid(margin) + labelSmoothing * at::log_sigmoid(-margin)).mean();
}

}  // namespace orthoscribe::learn
