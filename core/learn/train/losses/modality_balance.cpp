// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/modality_balance.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/learn/train/data_parallel.h"
#include "core/learn/train/losses/router_z.h"
#include "core/learn/train/losses/topk_entropy.h"
#include "core/learn/train/losses/usage_entropy.h"

namespace orthoscribe::learn {
namespace {

constexpr double kTokenWeight = 0.01;
constexpr double kBatchWeight = 0.01;
constexpr double kSizeWeight = 0.001;

torch::Tensor balanceOf(const RoutedTokens& routed) {
  const auto experts = static_cast<double>(routed.layers.front().probs.size(-1));
  const auto chosen = static_cast<double>(routed.layers.front().weights.size(-1));
  torch::Tensor loss = kSizeWeight * routerZLoss(routed);
  if (experts > 1) loss = loss + kBatchWeight * (1 - denseUsageEntropy(routed) / std::log(experts));
  if (chosen > 1) loss = loss + kTokenWeight * (1 + topKEntropyLoss(routed) / std::log(chosen));
  return loss;
}

}  // namespace

torch::Tensor modalityBalanceLoss(std::span<const model::Routing> layers, const torch::Tensor& imageToken,
                                  const torch::Tensor& textToken, const RankGroup* ranks) {
  return meanOverModalities(balanceOf, layers, imageToken, textToken, ranks);
}

torch::Tensor meanOverModalities(const std::function<torch::Tensor(const RoutedTokens& routed)>& loss,
                                 std::span<const model::Routing> layers, const torch::Tensor& imageToken,
                                 const torch::Tensor& textToken, const RankGroup* ranks) {
  torch::Tensor sum = at::zeros({}, imageToken.options().dtype(at::kFloat));
  torch::Tensor kinds = sum;
  for (const torch::Tensor& counted : {imageToken, textToken}) {
    torch::Tensor present = counted.any().to(at::kFloat);
    if (ranks) present = ranks->sum(present).clamp_max(1);
    sum = sum + present * loss({.layers = layers, .counted = counted, .ranks = ranks});
    kinds = kinds + present;
  }
  return sum / kinds.clamp_min(1);
}

}  // namespace orthoscribe::learn
