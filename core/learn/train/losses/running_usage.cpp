// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/running_usage.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <vector>

namespace orthoscribe::learn {
namespace {

constexpr double kKept = 0.9;

}  // namespace

torch::Tensor runningUsageLoss(const RoutedTokens& routed, torch::Tensor& memory) {
  std::vector<torch::Tensor> means;
  for (const model::Routing& layer : routed.layers) means.push_back(routed.meanOf(layer.probs));
  const torch::Tensor present = at::stack(means);
  const auto experts = static_cast<double>(present.size(1));
  const torch::Tensor now = present.detach().to(at::kCPU, at::kDouble);
  const bool counted = now.sum().item<double>() > 0;
  if (counted) memory = memory.defined() ? kKept * memory + (1 - kKept) * now : now;
  if (experts < 2 || !memory.defined() || !counted) return (present * 0).sum();
  const torch::Tensor logarithm = memory.clamp_min(std::numeric_limits<float>::min()).log();
  const double scale = 1 / (std::log(experts) * static_cast<double>(present.size(0)));
  const torch::Tensor slope = ((logarithm + 1) * scale).to(present.device(), present.scalar_type());
  const double value = 1 + (memory * logarithm).sum().item<double>() * scale;
  const torch::Tensor moving = (slope * present).sum();
  return moving - moving.detach() + value;
}

}  // namespace orthoscribe::learn
