// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/usage_entropy.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

namespace {

torch::Tensor meanEntropy(const RoutedTokens& routed, torch::Tensor model::Routing::* shares) {
  torch::Tensor sum = at::zeros({}, routed.counted.options().dtype(at::kFloat));
  for (const model::Routing& layer : routed.layers) sum = sum + entropy(routed.meanOf(layer.*shares));
  return sum / static_cast<double>(routed.layers.size());
}

}  // namespace

torch::Tensor usageEntropy(const RoutedTokens& routed) {
  return meanEntropy(routed, &model::Routing::gates);
}

torch::Tensor denseUsageEntropy(const RoutedTokens& routed) {
  return meanEntropy(routed, &model::Routing::probs);
}

}  // namespace orthoscribe::learn
