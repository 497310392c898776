// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/switch_balance.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor switchBalanceLoss(const RoutedTokens& routed) {
  torch::Tensor sum = at::zeros({}, routed.counted.options().dtype(at::kFloat));
  for (const model::Routing& layer : routed.layers) {
    const std::int64_t experts = layer.probs.size(-1);
    const torch::Tensor first = at::one_hot(layer.experts.select(-1, 0), experts).to(layer.probs.scalar_type());
    sum = sum + static_cast<double>(experts) * (routed.meanOf(first) * routed.meanOf(layer.probs)).sum();
  }
  return sum / static_cast<double>(routed.layers.size());
}

}  // namespace orthoscribe::learn
