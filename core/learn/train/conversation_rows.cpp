// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/conversation_rows.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace orthoscribe::learn {

RowPlan rowEach(std::span<const std::int64_t> lengths) {
  RowPlan plan;
  for (const std::int64_t length : lengths) {
    plan.places.push_back({.row = plan.rows++, .begin = 0});
    plan.length = std::max(plan.length, length);
  }
  return plan;
}

RowPlan packedRows(std::span<const std::int64_t> lengths, std::int64_t capacity) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) { return lengths[one] > lengths[other]; });
  RowPlan plan;
  plan.places.resize(lengths.size());
  std::vector<std::int64_t> used;
  for (const std::size_t index : order) {
    const auto found =
        std::find_if(used.begin(), used.end(), [&](std::int64_t taken) { return taken + lengths[index] <= capacity; });
    const auto row = static_cast<std::size_t>(found - used.begin());
    if (found == used.end()) used.push_back(0);
    plan.places[index] = {.row = static_cast<std::int64_t>(row), .begin = used[row]};
    used[row] += lengths[index];
    plan.length = std::max(plan.length, used[row]);
  }
  plan.rows = static_cast<std::int64_t>(used.size());
  return plan;
}

torch::Tensor isolationMask(const RowPlan& plan, std::span<const std::int64_t> lengths, std::int64_t window) {
  const torch::Tensor owner = at::full({plan.rows, plan.length}, -1, at::kLong);
  for (std::size_t index = 0; index < lengths.size(); ++index) {
    const RowPlace& place = plan.places[index];
    owner[place.row].narrow(0, place.begin, lengths[index]).fill_(static_cast<std::int64_t>(index));
  }
  const torch::Tensor order = at::arange(plan.length);
  const torch::Tensor back = order.unsqueeze(1) - order.unsqueeze(0);
  torch::Tensor mask = back.ge(0).unsqueeze(0).logical_and(owner.unsqueeze(2).eq(owner.unsqueeze(1)));
  if (window > 0) mask = mask.logical_and(back.lt(window).unsqueeze(0));
  return mask.unsqueeze(1);
}

}  // namespace orthoscribe::learn
