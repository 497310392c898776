// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/cross_entropy.h"

#include <ATen/ATen.h>

#include "core/base/error.h"

namespace orthoscribe::learn {

torch::Tensor nextTokenCrossEntropy(const torch::Tensor& logits, const torch::Tensor& labels) {
  if (logits.dim() != 3 || labels.dim() != 2 || logits.size(0) != labels.size(0) || logits.size(1) != labels.size(1))
    throw Error(ErrorCode::InvalidInput, "logits and labels are not of the same sequences");
  const std::int64_t places = labels.size(1) - 1;
  const torch::Tensor next = labels.narrow(1, 1, places).flatten();
  const torch::Tensor counted = next.ne(kNoLabel).nonzero().squeeze(1);
  const torch::Tensor rows = logits.narrow(1, 0, places).flatten(0, 1).index_select(0, counted);
  if (counted.size(0) == 0) return rows.sum();
  return at::cross_entropy_loss(rows, next.index_select(0, counted));
}

}  // namespace orthoscribe::learn
