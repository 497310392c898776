// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/reference_policy.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {
namespace {

void put(const ParameterStore& store, const std::vector<torch::Tensor>& values) {
  const at::NoGradGuard noGradients;
  for (std::size_t index = 0; index < values.size(); ++index) {
    torch::Tensor value = store.parameters()[index].value;
    if (values[index].defined()) value.copy_(values[index]);
  }
}

}  // namespace

std::vector<torch::Tensor> copyOfTrained(const ParameterStore& store) {
  const at::NoGradGuard noGradients;
  std::vector<torch::Tensor> copies;
  for (const Parameter& parameter : store.parameters())
    copies.push_back(parameter.trained ? parameter.value.detach().clone() : torch::Tensor());
  return copies;
}

UnderReference::UnderReference(const ParameterStore& store, const std::vector<torch::Tensor>& reference)
    : store_(store), kept_(copyOfTrained(store)) {
  put(store, reference);
}

UnderReference::~UnderReference() {
  put(store_, kept_);
}

}  // namespace orthoscribe::learn
