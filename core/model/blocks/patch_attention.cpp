// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/patch_attention.h"

#include <ATen/ATen.h>

#include <vector>

namespace orthoscribe::model {
namespace {

LinearShape biased(std::int64_t inputs, std::int64_t outputs) {
  return {.inputs = inputs, .outputs = outputs, .bias = true, .parts = {}};
}

}  // namespace

PatchAttention::PatchAttention(const Scope& scope, std::int64_t hidden, std::int64_t heads)
    : heads_(heads), qkv_(scope.sub("qkv"), biased(hidden, 3 * hidden)), projection_(scope.sub("proj"), biased(hidden, hidden)) {}

torch::Tensor PatchAttention::forward(const torch::Tensor& hidden, const RotaryTables& tables,
                                      std::span<const std::int64_t> ends) const {
  const torch::Tensor all = qkv_.forward(hidden).reshape({hidden.size(0), 3, heads_, -1}).permute({1, 2, 0, 3});
  const torch::Tensor query = applyRotary(all[0], tables);
  const torch::Tensor key = applyRotary(all[1], tables);
  const torch::Tensor value = all[2];
  std::vector<torch::Tensor> mixed;
  // Neighbouring segments of one length are attended together.
  for (std::size_t first = 0; first + 1 < ends.size();) {
    const std::int64_t length = ends[first + 1] - ends[first];
    std::size_t last = first + 1;
    while (last + 1 < ends.size() && ends[last + 1] - ends[last] == length) ++last;
    const auto count = static_cast<std::int64_t>(last - first);
    const auto segments = [&](const torch::Tensor& heads) {
      return heads.narrow(1, ends[first], count * length).reshape({heads_, count, length, -1}).transpose(0, 1);
    };
    const torch::Tensor attended = at::scaled_dot_product_attention(segments(query), segments(key), segments(value));
    mixed.push_back(attended.transpose(1, 2).reshape({count * length, hidden.size(1)}));
    first = last;
  }
  return projection_.forward(mixed.size() == 1 ? mixed.front() : at::cat(mixed));
}

}  // namespace orthoscribe::model
