// SPDX-License-Identifier: GPL-2.0-or-later
// Normalisations over the last dimension.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// x / sqrt(mean(x^2) + eps) * weight, the mean in float32 whatever the precision (Zhang and Sennrich 2019).
class RmsNorm {
 public:
  RmsNorm(const Scope& scope, std::int64_t size, double epsilon);
  torch::Tensor forward(const torch::Tensor& input) const;

 private:
  torch::Tensor weight_;
  double epsilon_;
};

// With weight and bias (Ba et al. 2016).
class LayerNorm {
 public:
  LayerNorm(const Scope& scope, std::int64_t size, double epsilon);
  torch::Tensor forward(const torch::Tensor& input) const;

 private:
  torch::Tensor weight_, bias_;
  double epsilon_;
};

}  // namespace orthoscribe::model
