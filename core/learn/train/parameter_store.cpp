// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/parameter_store.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

torch::Tensor freshValue(c10::IntArrayRef shape, model::FreshValue fresh, const at::Generator& generator) {
  torch::Tensor value = at::zeros(shape);
  switch (fresh) {
    case model::FreshValue::Zeros:
      break;
    case model::FreshValue::Ones:
      value.fill_(1);
      break;
    case model::FreshValue::Normal002:
      value.normal_(0, 0.02, generator);
      break;
    case model::FreshValue::KaimingUniform: {
      const double bound = 1 / std::sqrt(static_cast<double>(value.numel() / value.size(0)));
      value.uniform_(-bound, bound, generator);
      break;
    }
  }
  return value;
}

}  // namespace

bool isRunningStatistic(std::string_view name) {
  return name.ends_with(".running_mean") || name.ends_with(".running_var") || name.ends_with(".token_flags");
}

ParameterStore::ParameterStore(std::uint64_t seed, torch::Device device)
    : generator_(at::detail::createCPUGenerator(seed)), device_(device) {}

torch::Tensor ParameterStore::take(const std::string& name, c10::IntArrayRef shape, model::FreshValue fresh) {
  if (has(name)) return find(name).value;
  const bool trained = !isRunningStatistic(name);
  torch::Tensor value = freshValue(shape, fresh, generator_).to(device_);
  value.set_requires_grad(trained);
  parameters_.push_back({name, value, trained});
  return value;
}

bool ParameterStore::has(const std::string& name) const {
  return std::any_of(parameters_.begin(), parameters_.end(), [&](const Parameter& parameter) { return parameter.name == name; });
}

const Parameter& ParameterStore::find(const std::string& name) const {
  const auto found =
      std::find_if(parameters_.begin(), parameters_.end(), [&](const Parameter& parameter) { return parameter.name == name; });
  if (found == parameters_.end())
    throw Error(ErrorCode::NotFound, "no weight is called " + name, "The checkpoint belongs to a model of another shape.");
  return *found;
}

void ParameterStore::setTrained(std::string_view prefix, bool trained) {
  for (Parameter& parameter : parameters_) {
    if (!parameter.name.starts_with(prefix) || isRunningStatistic(parameter.name)) continue;
    parameter.trained = trained;
    parameter.value.set_requires_grad(trained);
  }
}

void ParameterStore::trainOnly(const std::function<bool(std::string_view name)>& choose) {
  for (Parameter& parameter : parameters_) {
    if (isRunningStatistic(parameter.name)) continue;
    parameter.trained = choose(parameter.name);
    parameter.value.set_requires_grad(parameter.trained);
  }
}

std::int64_t ParameterStore::count() const {
  std::int64_t numbers = 0;
  for (const Parameter& parameter : parameters_) numbers += parameter.trained ? parameter.value.numel() : 0;
  return numbers;
}

}  // namespace orthoscribe::learn
