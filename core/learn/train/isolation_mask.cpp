// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/isolation_mask.h"

#include <ATen/ATen.h>

#include <vector>

namespace orthoscribe::learn {

torch::Tensor isolationMask(const PackingPlan& plan, std::int64_t window) {
  const std::int64_t length = plan.length();
  std::vector<torch::Tensor> rows;
  for (const PackedRow& row : plan.rows) rows.push_back(at::tensor(pieceOfTokens(row, length), at::kLong));
  const torch::Tensor piece = at::stack(rows);
  const torch::Tensor order = at::arange(length);
  const torch::Tensor back = order.unsqueeze(1) - order.unsqueeze(0);
  torch::Tensor mask = back.ge(0).unsqueeze(0).logical_and(piece.unsqueeze(2).eq(piece.unsqueeze(1)));
  if (window > 0) mask = mask.logical_and(back.lt(window).unsqueeze(0));
  return mask.unsqueeze(1);
}

}  // namespace orthoscribe::learn
