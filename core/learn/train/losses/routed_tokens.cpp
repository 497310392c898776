// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/routed_tokens.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/learn/train/data_parallel.h"

namespace orthoscribe::learn {

torch::Tensor RoutedTokens::meanOf(const torch::Tensor& values) const {
  std::vector<std::int64_t> shape = values.sizes().vec();
  shape[1] = counted.size(1);
  const torch::Tensor rows = values.expand(shape).flatten(0, 1);
  const torch::Tensor places = counted.flatten().nonzero().squeeze(1);
  const torch::Tensor sum = rows.index_select(0, places).sum(0);
  if (!ranks) return sum / std::max<std::int64_t>(1, places.size(0));
  return ranks->sum(sum) / std::max(1.0, ranks->sum(static_cast<double>(places.size(0))));
}

torch::Tensor entropy(const torch::Tensor& shares) {
  // The bound keeps the slope at 0 finite, which would become not a number further down.
  return -(shares * shares.clamp_min(std::numeric_limits<float>::min()).log()).sum(-1);
}

}  // namespace orthoscribe::learn
