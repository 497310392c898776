// SPDX-License-Identifier: GPL-2.0-or-later
// How evenly routers use their experts, gathered over a part of the training.
#pragma once

#include <torch/types.h>

#include "core/learn/train/answer_batch.h"
#include "core/learn/train/data_parallel.h"
#include "core/learn/train/training_loop.h"

namespace orthoscribe::learn {

class RouterUsage {
 public:
  void add(const AnswerBatch& batch, const RankGroup& ranks);

  // "usage": H(u) as a share of its maximum, the mean over routers; u_e the mean weight of an expert over tokens, 0 where it was
  // not chosen (skynova.md section 4.2). "top_expert": the largest share that one expert of any router has. "starved": experts of
  // all routers with less than 1 / (4 E). Empty where nothing was routed. Begins anew.
  Figures take();

 private:
  torch::Tensor sums_;  // float64 [routers, E]
  double tokens_ = 0;
};

}  // namespace orthoscribe::learn
