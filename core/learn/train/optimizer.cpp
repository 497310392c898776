// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/optimizer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace orthoscribe::learn {
namespace {

constexpr double kLastRateShare = 0.01;

double gradientNorm(const std::vector<Parameter>& parameters) {
  double sum = 0;
  for (const Parameter& parameter : parameters) {
    if (!parameter.trained || !parameter.value.grad().defined()) continue;
    const double norm = parameter.value.grad().norm().item<double>();
    sum += norm * norm;
  }
  return std::sqrt(sum);
}

}  // namespace

double scheduleFactor(double done, double warm) {
  if (done < warm) return std::max(done / warm, kLastRateShare);
  const double along = std::clamp((done - warm) / (1 - warm), 0.0, 1.0);
  return kLastRateShare + (1 - kLastRateShare) * 0.5 * (1 + std::cos(std::numbers::pi * along));
}

Optimizer::Optimizer(ParameterStore& store, OptimizerOptions options) : store_(&store), options_(options) {
  const at::NoGradGuard noGradients;
  for (const Parameter& parameter : store.parameters()) {
    state_.firstMoments.push_back(at::zeros_like(parameter.value));
    state_.secondMoments.push_back(at::zeros_like(parameter.value));
    state_.average.push_back(parameter.value.detach().clone());
  }
}

double Optimizer::step(double rateFactor) {
  const at::NoGradGuard noGradients;
  const std::vector<Parameter>& parameters = store_->parameters();
  const double norm = gradientNorm(parameters);
  if (std::isfinite(norm)) {
    ++state_.steps;
    const double clip = norm > options_.clipNorm ? options_.clipNorm / norm : 1.0;
    for (const auto& [setting, group] : groups(rateFactor)) move(group, setting.first, setting.second, clip);
    moveAverage();
  }
  for (const Parameter& parameter : parameters) {
    torch::Tensor value = parameter.value;
    value.mutable_grad() = torch::Tensor();
  }
  return norm;
}

// Indices of the weights that have gradients, by learning rate and decay.
std::map<std::pair<double, double>, std::vector<std::size_t>> Optimizer::groups(double rateFactor) const {
  std::map<std::pair<double, double>, std::vector<std::size_t>> groups;
  for (std::size_t index = 0; index < store_->parameters().size(); ++index) {
    const Parameter& parameter = store_->parameters()[index];
    if (!parameter.trained || !parameter.value.grad().defined()) continue;
    const double rate = options_.learningRate * (options_.shares.empty() ? 1 : options_.shares[index]) * rateFactor;
    groups[{rate, parameter.value.dim() > 1 ? options_.weightDecay : 0}].push_back(index);
  }
  return groups;
}

void Optimizer::move(const std::vector<std::size_t>& group, double rate, double decay, double clip) {
  std::vector<torch::Tensor> values, gradients, first, second, steps;
  for (const std::size_t index : group) {
    const torch::Tensor& value = store_->parameters()[index].value;
    values.push_back(value);
    gradients.push_back(value.grad());
    first.push_back(state_.firstMoments[index]);
    second.push_back(state_.secondMoments[index]);
    steps.push_back(at::full({}, state_.steps, value.options().requires_grad(false)));
  }
  if (clip < 1) at::_foreach_mul_(gradients, clip);
  at::_fused_adamw_(values, gradients, first, second, /*max_exp_avg_sqs=*/{}, steps, rate, options_.beta1, options_.beta2, decay,
                    options_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
}

void Optimizer::moveAverage() {
  // A young mean follows quickly, or the random start would stay in it for long.
  const double decay =
      std::min(options_.averageDecay, (1.0 + static_cast<double>(state_.steps)) / (10.0 + static_cast<double>(state_.steps)));
  std::vector<torch::Tensor> averages, values;
  for (std::size_t index = 0; index < state_.average.size(); ++index) {
    const Parameter& parameter = store_->parameters()[index];
    if (!parameter.trained && !isRunningStatistic(parameter.name)) continue;  // nothing has changed
    averages.push_back(state_.average[index]);
    values.push_back(parameter.value.detach());
  }
  at::_foreach_lerp_(averages, values, 1 - decay);
}

AveragedWeights::AveragedWeights(const ParameterStore& store, const OptimizerState& state) : store_(&store) {
  const at::NoGradGuard noGradients;
  for (std::size_t index = 0; index < store.parameters().size(); ++index) {
    torch::Tensor value = store.parameters()[index].value;
    kept_.push_back(value.detach().clone());
    value.copy_(state.average[index]);
  }
}

AveragedWeights::~AveragedWeights() {
  const at::NoGradGuard noGradients;
  for (std::size_t index = 0; index < kept_.size(); ++index) {
    torch::Tensor value = store_->parameters()[index].value;
    value.copy_(kept_[index]);
  }
}

}  // namespace orthoscribe::learn
