// SPDX-License-Identifier: GPL-2.0-or-later
// Every loss that a stage can be trained by, by the name that its configuration gives it. Smaller is better for all of them.
#pragma once

#include <torch/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/learn/train/answer_batch.h"
#include "core/learn/train/data_parallel.h"

namespace orthoscribe::learn {

// Means that losses carry from micro-batch to micro-batch; part of a checkpoint.
struct LossMemory {
  std::map<std::string, torch::Tensor> values;  // float64, on the CPU
};

struct LossInput {
  const AnswerBatch& batch;
  torch::Tensor policy;     // float32 [T], log-probability of each label
  torch::Tensor reference;  // the same under the policy the stage began with; undefined where no loss needs it
  double beta = 0.1;
  double labelSmoothing = 0;
  bool gathers = false;  // a step is several micro-batches: usage is carried over them
  const RankGroup& ranks;
  LossMemory& memory;
};

// Reference: pairs, and what the policy the stage began with says of them.
enum class LossNeeds { Answers, Routers, Pairs, Reference, Relevance };

// cross_entropy     the mean over answer tokens of -ln p, by their weights
// topk_entropy      1 - H/ln k, H of the weights of a token's chosen experts, mean over tokens (skynova.md 4.1); 0 for k = 1
// usage_entropy     1 - H/ln E, H of the mean probability of each expert (4.2); over several micro-batches by a running mean
// (4.4) switch_balance, mixtral_balance, router_z (4.3) modality_...      each of the five, over tokens of text and rows of
// images apart, their mean (4.4) modality_balance  0.01 modality_topk_entropy + 0.01 modality_usage_entropy + 0.001
// modality_router_z, without the running mean dpo, bco, nll     the parts of mpo = 0.8 dpo + 0.2 bco + nll (skynova.md 5.1), on
// pairs
// relevance         binary cross-entropy of the relevance head of experts for aspects, mean over pictures and aspects
// (rsmoe_and_metrics.md 5.7)
struct Loss {
  std::string name;
  LossNeeds needs = LossNeeds::Answers;
  torch::Tensor (*compute)(const Loss& self, const LossInput& input);  // scalar, differentiable, the same in all processes
};

const std::vector<Loss>& lossList();

// Throws Error{InvalidInput} with the known names.
const Loss& lossNamed(std::string_view name);

}  // namespace orthoscribe::learn
