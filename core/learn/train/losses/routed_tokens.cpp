// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/routed_tokens.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace orthoscribe::learn {

torch::Tensor RoutedTokens::meanOf(const torch::Tensor& values) const {
  std::vector<std::int64_t> shape = values.sizes().vec();
  shape[1] = counted.size(1);
  const torch::Tensor rows = values.expand(shape).flatten(0, 1);
  const torch::Tensor places = counted.flatten().nonzero().squeeze(1);
  return rows.index_select(0, places).sum(0) / std::max<std::int64_t>(1, places.size(0));
}

torch::Tensor entropy(const torch::Tensor& shares) {
  // The bound keeps the slope at 0 finite, which would become not a number further down.
  return -(shares * shares.clamp_min(std::numeric_limits<float>::min()).log()).sum(-1);
}

}  // namespace orthoscribe::learn
