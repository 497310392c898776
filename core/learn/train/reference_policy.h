// SPDX-License-Identifier: GPL-2.0-or-later
// The model as it was when a stage began, without a second one in memory: only what is trained is kept twice.
#pragma once

#include <ATen/core/grad_mode.h>
#include <torch/types.h>

#include <vector>

#include "core/learn/train/parameter_store.h"

namespace orthoscribe::learn {

// Copies of all trained weights, in the store's order; an undefined tensor for the others.
std::vector<torch::Tensor> copyOfTrained(const ParameterStore& store);

// While it lives the store's trained weights are those of `reference`, and no gradients are taken; then what they were before.
class UnderReference {
 public:
  UnderReference(const ParameterStore& store, const std::vector<torch::Tensor>& reference);
  ~UnderReference();
  UnderReference(const UnderReference&) = delete;
  UnderReference& operator=(const UnderReference&) = delete;

 private:
  const ParameterStore& store_;
  std::vector<torch::Tensor> kept_;
  at::NoGradGuard noGradients_;
};

}  // namespace orthoscribe::learn
