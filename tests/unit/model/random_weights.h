// SPDX-License-Identifier: GPL-2.0-or-later
// Small random weights that are made when they are asked for, and remembered by name.
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <map>
#include <string>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class RandomWeights : public WeightSource {
 public:
  explicit RandomWeights(std::uint64_t seed, bool trained = false)
      : generator_(at::detail::createCPUGenerator(seed)), trained_(trained) {}

  // Larger than weights usually start, so that every path shows in the result.
  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue) override {
    torch::Tensor& value = values_[name];
    if (!value.defined()) value = (at::randn(shape, generator_) * 0.3).requires_grad_(trained_);
    return value;
  }
  bool has(const std::string&) const override { return true; }
  std::map<std::string, torch::Tensor>& values() { return values_; }

 private:
  at::Generator generator_;
  bool trained_;
  std::map<std::string, torch::Tensor> values_;
};

inline at::Tensor seededRandom(c10::IntArrayRef shape, std::uint64_t seed) {
  return at::randn(shape, at::detail::createCPUGenerator(seed));
}

}  // namespace orthoscribe::model
