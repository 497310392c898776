// SPDX-License-Identifier: GPL-2.0-or-later
// Pairs of a better and a worse answer, as the losses of preference optimisation see them.
#pragma once

#include <torch/types.h>

namespace orthoscribe::learn {

// One of the two answers of every pair.
struct JudgedAnswers {
  torch::Tensor policy;     // [N, T], log-probability of each token under the model in training
  torch::Tensor reference;  // [N, T], under the model it started from; no gradient
  torch::Tensor mask;       // [N, T], 1 where there is a token of the answer

  // [N]: log-probability of the whole answers, policy less reference.
  torch::Tensor logRatios() const;
};

struct PreferencePairs {
  JudgedAnswers chosen, rejected;
};

// What the policy would be paid for the pairs, beta * log-ratio; without gradients.
struct PreferenceRewards {
  torch::Tensor chosen, rejected;  // [N]
  double accuracy = 0;             // share of pairs whose chosen answer is paid more
};
PreferenceRewards rewardsOf(const PreferencePairs& pairs, double beta);

}  // namespace orthoscribe::learn
