// SPDX-License-Identifier: GPL-2.0-or-later
// A linear layer with whatever adapters add to it.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/model/adapters/adapter.h"
#include "core/model/adapters/adapter_bank.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

struct LinearShape {
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  bool bias = false;
  std::vector<LinearPart> parts;  // linears fused in it, which adapters may name
};

class Linear {
 public:
  // Takes scope's "weight" [outputs, inputs] and, with bias, "bias" [outputs].
  Linear(const Scope& scope, const LinearShape& shape, Adapters adapters = {});

  // input [.., inputs] -> [.., outputs]. gating: of the block, needed when an adapter with experts sits here that brings no
  // router of this linear's own.
  torch::Tensor forward(const torch::Tensor& input, const Gating& gating = {}) const;
  // Without the updates of a router's experts; with those of plain LoRA and, where pass names rows, of the bank.
  torch::Tensor forwardWithoutExperts(const torch::Tensor& input, const RoutingPass* pass = nullptr) const;
  // What one expert adds, [.., outputs]; undefined when no experts sit here.
  torch::Tensor expertUpdate(const torch::Tensor& input, std::int64_t expert) const;

 private:
  void addBank(torch::Tensor& output, const torch::Tensor& input, const RoutingPass* pass) const;

  torch::Tensor weight_, bias_;
  std::vector<AdaptedLinear> updates_;  // of all rows
  std::vector<BankedUpdate> bank_;      // of rows that name an expert
};

}  // namespace orthoscribe::model
