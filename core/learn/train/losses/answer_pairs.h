// SPDX-License-Identifier: GPL-2.0-or-later
// Tokens of answers as the losses of preference optimisation want them: a row an answer.
#pragma once

#include <torch/types.h>

#include "core/learn/train/answer_batch.h"
#include "core/learn/train/losses/preference_pairs.h"

namespace orthoscribe::learn {

// float32 [T]: log-probability of each label.
torch::Tensor labelLogProbabilities(const AnswerBatch& batch);

// policy, reference: float32 [T], log-probability of each label of the batch. Tables of its pairs, [pairs, longest answer].
PreferencePairs pairsOf(const AnswerBatch& batch, const torch::Tensor& policy, const torch::Tensor& reference);

}  // namespace orthoscribe::learn
