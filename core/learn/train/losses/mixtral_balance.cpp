// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/mixtral_balance.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor mixtralBalanceLoss(const RoutedTokens& routed) {
  // Every layer has the same tokens, so the mean over all of them is the mean of the layers' means.
  torch::Tensor chosen, probability;
  for (const model::Routing& layer : routed.layers) {
    const torch::Tensor marks = at::one_hot(layer.experts, layer.probs.size(-1)).to(layer.probs.scalar_type());
    const torch::Tensor shares = routed.meanOf(marks).sum(0);
    const torch::Tensor mean = routed.meanOf(layer.probs);
    chosen = chosen.defined() ? chosen + shares : shares;
    probability = probability.defined() ? probability + mean : mean;
  }
  const auto layers = static_cast<double>(routed.layers.size());
  return static_cast<double>(probability.size(0)) * (chosen / layers * probability / layers).sum();
}

}  // namespace orthoscribe::learn
