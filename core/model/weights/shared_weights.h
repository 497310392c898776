// SPDX-License-Identifier: GPL-2.0-or-later
// Remembers what was taken, so that several networks of one checkpoint share its weights.
#pragma once

#include <map>
#include <string>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class SharedWeights : public WeightSource {
 public:
  // Keeps the reference.
  explicit SharedWeights(WeightSource& source) : source_(source) {}

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override {
    const auto found = taken_.find(name);
    if (found != taken_.end() && found->second.sizes() == shape) return found->second;
    return taken_[name] = source_.take(name, shape, fresh);
  }
  bool has(const std::string& name) const override { return source_.has(name); }

 private:
  WeightSource& source_;
  std::map<std::string, torch::Tensor> taken_;
};

}  // namespace orthoscribe::model
