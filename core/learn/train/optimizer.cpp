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
    const double correction1 = 1 - std::pow(options_.beta1, static_cast<double>(state_.steps));
    const double correction2 = 1 - std::pow(options_.beta2, static_cast<double>(state_.steps));
    for (std::size_t index = 0; index < parameters.size(); ++index) {
      torch::Tensor value = parameters[index].value;
      if (!parameters[index].trained || !value.grad().defined()) continue;
      const double rate = options_.learningRate * (options_.shares.empty() ? 1 : options_.shares[index]) * rateFactor;
      const torch::Tensor gradient = clip < 1 ? value.grad() * clip : value.grad();
      if (value.dim() > 1) value.mul_(1 - rate * options_.weightDecay);
      state_.firstMoments[index].mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
      state_.secondMoments[index].mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
      const torch::Tensor root = (state_.secondMoments[index] / correction2).sqrt_().add_(options_.epsilon);
      value.addcdiv_(state_.firstMoments[index], root, -rate / correction1);
    }
    moveAverage();
  }
  for (const Parameter& parameter : parameters) {
    torch::Tensor value = parameter.value;
    value.mutable_grad() = torch::Tensor();
  }
  return norm;
}

void Optimizer::moveAverage() {
  // A young mean follows quickly, or the random start would stay in it for long.
  const double decay =
      std::min(options_.averageDecay, (1.0 + static_cast<double>(state_.steps)) / (10.0 + static_cast<double>(state_.steps)));
  const std::vector<Parameter>& parameters = store_->parameters();
  for (std::size_t index = 0; index < parameters.size(); ++index) state_.average[index].lerp_(parameters[index].value, 1 - decay);
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
