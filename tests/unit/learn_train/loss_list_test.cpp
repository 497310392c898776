// SPDX-License-Identifier: GPL-2.0-or-later
// Losses by name say what the functions say that fixtures hold exact.
#include "core/learn/train/losses/loss_list.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/learn/train/losses/answer_pairs.h"
#include "core/learn/train/losses/modality_balance.h"
#include "core/learn/train/losses/mpo.h"
#include "core/learn/train/losses/routing_losses.h"
#include "tests/unit/learn_train/toy_model.h"

namespace orthoscribe::learn {
namespace {

class ToyLosses : public testing::Test {
 protected:
  explicit ToyLosses(bool pairs = false) : stream_(model_, 6, pairs) {
    stream_.load(4);
    batch_ = stream_.answer();
    const torch::Tensor first = at::arange(batch_.isText.numel()).view(batch_.isText.sizes());
    batch_.isImage = batch_.isText.logical_and(first.remainder(3).eq(1));
    batch_.isText = batch_.isText.logical_and(batch_.isImage.logical_not());
  }

  torch::Tensor compute(const std::string& name, bool gathers = false) {
    const Loss& loss = lossNamed(name);
    policy_ = labelLogProbabilities(batch_);
    return loss.compute(loss, {.batch = batch_,
                               .policy = policy_,
                               .reference = reference_,
                               .beta = 0.3,
                               .labelSmoothing = 0,
                               .gathers = gathers,
                               .ranks = alone_,
                               .memory = memory_});
  }
  double value(const std::string& name, bool gathers = false) { return compute(name, gathers).item<double>(); }
  double routing(const std::string& name, const torch::Tensor& counted) const {
    return routingLossNamed(name).compute({.layers = batch_.routings, .counted = counted, .ranks = nullptr}).item<double>();
  }

  ToyModel model_;
  ToyStream stream_;
  AnswerBatch batch_;
  torch::Tensor policy_, reference_;
  RankGroup alone_;
  LossMemory memory_;
};

TEST_F(ToyLosses, CrossEntropyIsAWeightedMean) {
  batch_.weights = at::arange(batch_.labels.size(0)).to(at::kFloat);
  double said = 0, all = 0;
  const torch::Tensor logs = at::log_softmax(batch_.logits.detach(), 1);
  for (std::int64_t token = 0; token < batch_.labels.size(0); ++token) {
    said -= static_cast<double>(token) * logs[token][batch_.labels[token].item<std::int64_t>()].item<double>();
    all += static_cast<double>(token);
  }
  EXPECT_NEAR(value("cross_entropy"), said / all, 1e-5);
}

TEST_F(ToyLosses, RouterLossesAreTheExactOnes) {
  const torch::Tensor all = batch_.isText.logical_or(batch_.isImage);
  EXPECT_NEAR(value("topk_entropy"), 1 + routing("topk_entropy_loss", all) / std::log(2.0), 1e-6);
  EXPECT_NEAR(value("usage_entropy"), 1 - routing("dense_usage_entropy", all) / std::log(4.0), 1e-6);
  EXPECT_NEAR(value("switch_balance"), routing("switch_load_balance", all), 1e-6);
  EXPECT_NEAR(value("mixtral_balance"), routing("mixtral_load_balance", all), 1e-6);
  EXPECT_NEAR(value("router_z"), routing("router_z", all), 1e-6);
  const double halves = (routing("router_z", batch_.isText) + routing("router_z", batch_.isImage)) / 2;
  EXPECT_NEAR(value("modality_router_z"), halves, 1e-6);
  const double balance = modalityBalanceLoss(batch_.routings, batch_.isImage, batch_.isText).item<double>();
  EXPECT_NEAR(value("modality_balance"), balance, 1e-7);
  EXPECT_NEAR(0.01 * value("modality_topk_entropy") + 0.01 * value("modality_usage_entropy") + 0.001 * value("modality_router_z"),
              balance, 1e-7);
}

TEST_F(ToyLosses, UsageOverSeveralMicroBatchesHasARunningMeanAndThePresentSlope) {
  const double first = value("usage_entropy", true);
  EXPECT_NEAR(first, value("usage_entropy"), 1e-6);
  const torch::Tensor before = memory_.values.at("usage_entropy").clone();
  stream_.load(9);
  batch_ = stream_.answer();
  const torch::Tensor router = model_.store().find(std::string(kAdapterPrefix) + "layers.0.mlp.router.weight").value;
  compute("usage_entropy", true).backward();
  const torch::Tensor slope = router.grad().clone();
  const torch::Tensor mean = batch_.routings[0].probs.flatten(0, 1).mean(0);
  const torch::Tensor moved = 0.9 * before[0] + 0.1 * mean.detach().to(at::kDouble);
  EXPECT_TRUE(at::allclose(memory_.values.at("usage_entropy")[0], moved, 1e-6));
  router.mutable_grad() = torch::Tensor();
  batch_ = stream_.answer();
  const torch::Tensor again = batch_.routings[0].probs.flatten(0, 1).mean(0);
  (((moved.log() + 1) / std::log(4.0)).to(at::kFloat) * again).sum().backward();
  EXPECT_LT((slope - router.grad()).abs().max().item<double>(), 1e-6);
}

TEST_F(ToyLosses, NothingCountedIsNoTrouble) {
  batch_.isText = at::zeros_like(batch_.isText);
  batch_.isImage = batch_.isText;
  for (const Loss& loss : lossList()) {
    if (loss.needs != LossNeeds::Routers) continue;
    EXPECT_TRUE(std::isfinite(value(loss.name, true))) << loss.name;
  }
}

class ToyPairs : public ToyLosses {
 protected:
  ToyPairs() : ToyLosses(true) {
    const at::NoGradGuard noGradients;
    reference_ = labelLogProbabilities(batch_) + 0.3 * at::randn({batch_.labels.size(0)}, at::detail::createCPUGenerator(1));
  }
  double rewardOf(std::int64_t answer) const {
    double sum = 0;
    for (std::int64_t token = 0; token < batch_.labels.size(0); ++token) {
      if (batch_.answers[token].item<std::int64_t>() == answer) sum += (policy_[token] - reference_[token]).item<double>();
    }
    return 0.3 * sum;
  }
};

double softplus(double value) {
  return std::log1p(std::exp(value));
}

TEST_F(ToyPairs, PreferenceLossesBySumsOverTheirTokens) {
  const double dpo = value("dpo");
  double expected = 0, shift = 0, bco = 0, said = 0;
  for (std::int64_t pair = 0; pair < 3; ++pair) {
    expected += softplus(-(rewardOf(2 * pair) - rewardOf(2 * pair + 1))) / 3;
    shift += (rewardOf(2 * pair) + rewardOf(2 * pair + 1)) / 6;
  }
  for (std::int64_t pair = 0; pair < 3; ++pair)
    bco += (softplus(-(rewardOf(2 * pair) - shift)) + softplus(rewardOf(2 * pair + 1) - shift)) / 3;
  for (std::int64_t token = 0; token < batch_.labels.size(0); ++token) {
    if (batch_.answers[token].item<std::int64_t>() % 2 == 0) said -= policy_[token].item<double>() / (3 * kToyTokens);
  }
  EXPECT_NEAR(dpo, expected, 1e-5);
  EXPECT_NEAR(value("bco"), bco, 1e-5);
  EXPECT_NEAR(value("nll"), said, 1e-5);
  EXPECT_NEAR(value("mpo"), 0.8 * expected + 0.2 * bco + said, 1e-5);
}

TEST_F(ToyPairs, TheShiftIsTheMeanOfAllBatches) {
  value("bco");
  const auto first = memory_.values.at("bco")[0].item<double>() / 6;
  reference_ = reference_ - 1;
  value("bco");
  EXPECT_NEAR(memory_.values.at("bco")[0].item<double>() / memory_.values.at("bco")[1].item<double>(),
              first + 0.3 * kToyTokens / 2, 1e-5);
}

TEST_F(ToyPairs, NoPairsGiveNothing) {
  batch_.pairs.clear();
  for (const char* name : {"dpo", "bco", "nll", "mpo"}) EXPECT_EQ(value(name), 0) << name;
}

TEST(LossList, AnUnknownNameIsRefusedWithTheKnownOnes) {
  try {
    lossNamed("crossentropy");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cross_entropy"), std::string::npos);
  }
}

}  // namespace
}  // namespace orthoscribe::learn
