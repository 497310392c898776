// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/router_usage.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <vector>

#include "core/learn/train/losses/routed_tokens.h"

namespace orthoscribe::learn {

void RouterUsage::add(const AnswerBatch& batch, const RankGroup& ranks) {
  if (batch.routings.empty()) return;
  const at::NoGradGuard noGradients;
  const RoutedTokens routed{.layers = batch.routings, .counted = batch.isImage.logical_or(batch.isText), .ranks = nullptr};
  std::vector<torch::Tensor> means;
  for (const model::Routing& layer : routed.layers) means.push_back(routed.meanOf(layer.gates));
  const auto tokens = static_cast<double>(routed.counted.sum().item<std::int64_t>());
  const torch::Tensor sums = ranks.sum(at::stack(means).to(at::kCPU, at::kDouble) * tokens);
  sums_ = sums_.defined() && sums_.sizes() == sums.sizes() ? sums_ + sums : sums;
  tokens_ += ranks.sum(tokens);
}

Figures RouterUsage::take() {
  Figures figures;
  if (sums_.defined() && tokens_ > 0) {
    // Weights that are not divided by their sum do not add up to one.
    const torch::Tensor shares = sums_ / sums_.sum(1, true).clamp_min(1e-12);
    const auto experts = static_cast<double>(shares.size(1));
    if (experts > 1) figures["usage"] = entropy(shares).mean().item<double>() / std::log(experts);
    figures["top_expert"] = shares.max().item<double>();
    figures["starved"] = static_cast<double>(shares.lt(1 / (4 * experts)).sum().item<std::int64_t>());
  }
  sums_ = torch::Tensor();
  tokens_ = 0;
  return figures;
}

}  // namespace orthoscribe::learn
