// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/network.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {

at::Tensor Network::forwardTogether(std::span<const SequenceStep> steps, const Observer* observer) const {
  std::vector<at::Tensor> logits;
  for (const SequenceStep& step : steps) logits.push_back(forward(step.embeddings, *step.cache, true, observer));
  return at::cat(logits);
}

std::vector<std::int64_t> lastRowsOf(std::span<const SequenceStep> steps) {
  std::vector<std::int64_t> rows;
  std::int64_t end = 0;
  for (const SequenceStep& step : steps) rows.push_back((end += step.embeddings.size(0)) - 1);
  return rows;
}

}  // namespace orthoscribe::model
