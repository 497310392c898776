// SPDX-License-Identifier: GPL-2.0-or-later
// The weights of a model in training: fresh random float32 values by name, and which of them are trained.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::learn {

struct Parameter {
  std::string name;
  torch::Tensor value;  // float32; a leaf that wants gradients when trained
  bool trained = true;  // running statistics are not
};

// A model built from this store keeps handles to the same tensors, so that whatever changes a value in place changes the model.
class ParameterStore : public model::WeightSource {
 public:
  explicit ParameterStore(std::uint64_t seed, torch::Device device = torch::kCPU);

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, model::FreshValue fresh) override;
  bool has(const std::string& name) const override;

  const std::vector<Parameter>& parameters() const { return parameters_; }  // in the order they were taken
  const Parameter& find(const std::string& name) const;                     // throws Error{NotFound}
  // Stops (or starts) training everything whose name begins with this.
  void setTrained(std::string_view prefix, bool trained);
  // Trains what `choose` says yes to, and nothing else.
  void trainOnly(const std::function<bool(std::string_view name)>& choose);
  std::int64_t count() const;  // numbers in all trained tensors

 private:
  at::Generator generator_;
  torch::Device device_;
  std::vector<Parameter> parameters_;
};

// Whether this is a statistic gathered in training and no weight.
bool isRunningStatistic(std::string_view name);

}  // namespace orthoscribe::learn
