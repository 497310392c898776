// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/learn/train/losses/bco_pair.h"
#include "core/learn/train/losses/chosen_likelihood.h"
#include "core/learn/train/losses/dpo.h"
#include "core/learn/train/losses/mpo.h"

namespace orthoscribe::learn {
namespace {

double logSigmoid(double value) {
  return -std::log1p(std::exp(-value));
}

// Two pairs of two tokens; the last token of the second chosen answer does not exist, and holds what no one may use.
class PreferenceLosses : public testing::Test {
 protected:
  PreferenceLosses() {
    pairs_.chosen = {.policy = at::tensor({-1.0, -0.5, -2.0, -INFINITY}, at::kDouble).view({2, 2}),
                     .reference = at::tensor({-1.5, -1.0, -1.0, -INFINITY}, at::kDouble).view({2, 2}),
                     .mask = at::tensor({1.0, 1.0, 1.0, 0.0}, at::kDouble).view({2, 2})};
    pairs_.rejected = {.policy = at::tensor({-3.0, -1.0, -1.0, -1.0}, at::kDouble).view({2, 2}),
                       .reference = at::tensor({-2.0, -1.0, -1.0, -1.5}, at::kDouble).view({2, 2}),
                       .mask = at::ones({2, 2}, at::kDouble)};
  }
  PreferencePairs pairs_;  // log-ratios: chosen 1, -1; rejected -1, 0.5
};

TEST_F(PreferenceLosses, Dpo) {
  EXPECT_NEAR(dpoLoss(pairs_, 0.5).item<double>(), -(logSigmoid(1) + logSigmoid(-0.75)) / 2, 1e-12);
  EXPECT_NEAR(dpoLoss(pairs_, 0.5, 0.1).item<double>(),
              -(0.9 * (logSigmoid(1) + logSigmoid(-0.75)) + 0.1 * (logSigmoid(-1) + logSigmoid(0.75))) / 2, 1e-12);
}

TEST_F(PreferenceLosses, BcoOnPairs) {
  EXPECT_NEAR(bcoShift(pairs_, 0.5), 0.5 * (1 - 1 - 1 + 0.5) / 4, 1e-12);
  EXPECT_NEAR(bcoPairLoss(pairs_, 0.5, 0.1).item<double>(),
              -(logSigmoid(0.4) + logSigmoid(0.6) + logSigmoid(-0.6) + logSigmoid(-0.15)) / 2, 1e-12);
}

TEST_F(PreferenceLosses, LikelihoodOfTheChosen) {
  EXPECT_NEAR(chosenNegativeLogLikelihood(pairs_).item<double>(), 3.5 / 3, 1e-12);
}

TEST_F(PreferenceLosses, MpoIsTheirSum) {
  const MpoLoss loss = mpoLoss(pairs_, {.beta = 0.5}, 0.1);
  EXPECT_NEAR(loss.total.item<double>(),
              0.8 * dpoLoss(pairs_, 0.5).item<double>() + 0.2 * bcoPairLoss(pairs_, 0.5, 0.1).item<double>() + 3.5 / 3, 1e-12);
}

TEST_F(PreferenceLosses, Rewards) {
  const PreferenceRewards rewards = rewardsOf(pairs_, 0.5);
  EXPECT_TRUE(at::allclose(rewards.chosen, at::tensor({0.5, -0.5}, at::kDouble)));
  EXPECT_TRUE(at::allclose(rewards.rejected, at::tensor({-0.5, 0.25}, at::kDouble)));
  EXPECT_EQ(rewards.accuracy, 0.5);
}

TEST_F(PreferenceLosses, OnlyThePolicyLearnsAndOnlyWhereThereAreTokens) {
  pairs_.chosen.policy.requires_grad_(true);
  pairs_.rejected.policy.requires_grad_(true);
  pairs_.chosen.reference.requires_grad_(true);
  mpoLoss(pairs_, {}, 0).total.backward();
  EXPECT_FALSE(pairs_.chosen.reference.grad().defined());
  EXPECT_TRUE(pairs_.chosen.policy.grad().isfinite().all().item<bool>());
  EXPECT_EQ(pairs_.chosen.policy.grad()[1][1].item<double>(), 0);
  EXPECT_LT(pairs_.chosen.policy.grad()[0][0].item<double>(), 0);
  EXPECT_GT(pairs_.rejected.policy.grad()[0][0].item<double>(), 0);
}

TEST_F(PreferenceLosses, AnUnchangedPolicyIsUndecided) {
  for (JudgedAnswers* answers : {&pairs_.chosen, &pairs_.rejected}) answers->policy = answers->reference.clone();
  EXPECT_NEAR(dpoLoss(pairs_, 0.1).item<double>(), std::log(2.0), 1e-12);
  EXPECT_NEAR(bcoPairLoss(pairs_, 0.1, 0).item<double>(), 2 * std::log(2.0), 1e-12);
}

}  // namespace
}  // namespace orthoscribe::learn
