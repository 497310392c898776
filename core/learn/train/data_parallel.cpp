// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/data_parallel.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

struct RankGroup::Group {};

RankGroup::RankGroup() = default;
RankGroup::~RankGroup() = default;
RankGroup::RankGroup(RankGroup&&) noexcept = default;

torch::Tensor RankGroup::sum(const torch::Tensor& local) const {
  if (!group_) return local;
  const torch::Tensor total = local.detach().clone();
  addUp({total});
  return local + (total - local.detach());
}

double RankGroup::sum(double local) const {
  return group_ ? sum(at::scalar_tensor(local, at::kDouble)).item<double>() : local;
}

torch::Tensor RankGroup::mean(const torch::Tensor& local, double count) const {
  if (!group_) return local;
  const double all = sum(count);
  return sum(local * (all > 0 ? count / all : 0));
}

void RankGroup::addUp(const std::vector<torch::Tensor>& tensors) const {
  (void)tensors;
}

}  // namespace orthoscribe::learn
