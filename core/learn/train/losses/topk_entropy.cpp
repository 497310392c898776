// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/topk_entropy.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

torch::Tensor topKEntropyLoss(const RoutedTokens& routed) {
  torch::Tensor sum = at::zeros({}, routed.counted.options().dtype(at::kFloat));
  for (const model::Routing& layer : routed.layers) sum = sum - routed.meanOf(entropy(layer.weights));
  return sum / static_cast<double>(routed.layers.size());
}

}  // namespace orthoscribe::learn
