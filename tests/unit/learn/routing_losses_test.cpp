// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/losses/routing_losses.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/learn/train/losses/cross_entropy.h"
#include "core/learn/train/losses/modality_balance.h"

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kChosen = 2;

// As model::Router, but in the precision of the logits, so that slopes can be measured.
model::Routing routingOf(const torch::Tensor& logits) {
  model::Routing routing{.logits = logits, .probs = logits.softmax(-1), .experts = {}, .weights = {}, .gates = {}};
  const auto [best, experts] = routing.probs.topk(kChosen, -1);
  routing.experts = experts;
  routing.weights = best / best.sum(-1, true);
  routing.gates = at::zeros_like(routing.probs).scatter(-1, experts, routing.weights);
  return routing;
}

double valueOf(const RoutingLoss& loss, const std::vector<torch::Tensor>& logits, const torch::Tensor& counted) {
  std::vector<model::Routing> layers;
  for (const torch::Tensor& layer : logits) layers.push_back(routingOf(layer));
  return loss.compute({layers, counted}).item<double>();
}

class RoutingLosses : public testing::Test {
 protected:
  // One token each for the experts 0 and 1, and 2 and 3, as even as can be; then padding that is not.
  std::vector<torch::Tensor> even_ = {
      at::tensor({5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 9.0, 0.0, 0.0, 1.0}, at::kDouble).view({1, 3, 4})};
  torch::Tensor counted_ = at::tensor({1, 1, 0}, at::kLong).to(at::kBool).view({1, 3});

  double value(std::string_view name) const { return valueOf(routingLossNamed(name), even_, counted_); }
};

TEST_F(RoutingLosses, KnowWhatEvenUseIs) {
  EXPECT_NEAR(value("topk_entropy_loss"), -std::log(2.0), 1e-9);
  EXPECT_NEAR(value("usage_entropy"), std::log(4.0), 1e-9);
  EXPECT_NEAR(value("dense_usage_entropy"), std::log(4.0), 1e-9);
  EXPECT_NEAR(value("switch_load_balance"), 1, 1e-9);
  EXPECT_NEAR(value("mixtral_load_balance"), 2, 1e-9);
  EXPECT_NEAR(value("router_z"), std::pow(std::log(2 * std::exp(5.0) + 2), 2), 1e-9);
}

TEST_F(RoutingLosses, KnowWhatCollapseIs) {
  even_ = {at::tensor({60.0, 0.0, -9.0, -9.0}, at::kDouble).view({1, 1, 4}).expand({1, 3, 4}).contiguous()};
  EXPECT_NEAR(value("topk_entropy_loss"), 0, 1e-9);
  EXPECT_NEAR(value("usage_entropy"), 0, 1e-9);
  EXPECT_NEAR(value("switch_load_balance"), 4, 1e-9);
  EXPECT_NEAR(value("mixtral_load_balance"), 4, 1e-9);
}

TEST_F(RoutingLosses, PaddingHasNoSay) {
  for (const RoutingLoss& loss : routingLosses()) {
    const double before = valueOf(loss, even_, counted_);
    const std::vector<torch::Tensor> other = {even_[0].clone()};
    other[0].select(1, 2).fill_(-3);
    EXPECT_EQ(valueOf(loss, other, counted_), before) << loss.name;
    EXPECT_EQ(valueOf(loss, even_, at::zeros_like(counted_)), 0) << loss.name << " of nothing";
  }
}

TEST_F(RoutingLosses, SlopesAreThoseOfTheValues) {
  constexpr double kStep = 1e-6;
  const at::Generator generator = at::detail::createCPUGenerator(4);
  std::vector<torch::Tensor> logits;
  for (int layer = 0; layer < 2; ++layer) logits.push_back(at::randn({2, 3, 4}, generator, at::kDouble).requires_grad_(true));
  const torch::Tensor counted = at::tensor({1, 1, 1, 1, 0, 1}, at::kLong).to(at::kBool).view({2, 3});
  for (const RoutingLoss& loss : routingLosses()) {
    std::vector<model::Routing> layers;
    for (const torch::Tensor& layer : logits) {
      layer.mutable_grad().reset();
      layers.push_back(routingOf(layer));
    }
    loss.compute({layers, counted}).backward();
    for (std::size_t layer = 0; layer < logits.size(); ++layer) {
      const torch::Tensor direction = at::randn({2, 3, 4}, generator, at::kDouble);
      std::vector<torch::Tensor> up, down;
      for (const torch::Tensor& one : logits) {
        up.push_back(one.detach().clone());
        down.push_back(one.detach().clone());
      }
      up[layer].add_(direction, kStep);
      down[layer].add_(direction, -kStep);
      const double measured = (valueOf(loss, up, counted) - valueOf(loss, down, counted)) / (2 * kStep);
      EXPECT_NEAR((logits[layer].grad() * direction).sum().item<double>(), measured, 1e-6) << loss.name << " layer " << layer;
    }
  }
}

TEST_F(RoutingLosses, AnExpertThatNobodyChoseLeavesTheSlopeANumber) {
  const torch::Tensor logits = even_[0].to(at::kFloat).narrow(1, 0, 1).clone().requires_grad_(true);
  const std::vector<model::Routing> layers = {routingOf(logits)};
  for (const RoutingLoss& loss : routingLosses())
    loss.compute({layers, at::ones({1, 1}, at::kBool)}).backward({}, /*keep_graph=*/true);
  EXPECT_TRUE(logits.grad().isfinite().all().item<bool>());
}

TEST_F(RoutingLosses, ASequenceRoutedAsAWholeCountsForEachOfItsTokens) {
  const std::vector<model::Routing> whole = {routingOf(at::tensor({1.0, 2.0, 4.0, 0.0}, at::kDouble).view({1, 1, 4}))};
  const std::vector<model::Routing> tokens = {routingOf(whole[0].logits.expand({1, 3, 4}).contiguous())};
  for (const RoutingLoss& loss : routingLosses()) {
    EXPECT_NEAR(loss.compute({whole, counted_}).item<double>(), loss.compute({tokens, counted_}).item<double>(), 1e-12)
        << loss.name;
  }
}

TEST_F(RoutingLosses, EachKindOfTokenCountsHalfAndAnAbsentOneNot) {
  const std::vector<model::Routing> layers = {routingOf(even_[0])};
  const torch::Tensor none = at::zeros_like(counted_);
  const torch::Tensor first = at::tensor({1, 0, 0}, at::kLong).to(at::kBool).view({1, 3});
  const double size = 0.001 * value("router_z");
  // The even tokens by themselves, and the first alone, which leaves two of four experts out.
  EXPECT_NEAR(modalityBalanceLoss(layers, counted_, none).item<double>(), size, 1e-7);
  EXPECT_NEAR(modalityBalanceLoss(layers, none, counted_).item<double>(), size, 1e-7);
  const double alone = modalityBalanceLoss(layers, first, none).item<double>();
  const double dense = valueOf(routingLossNamed("dense_usage_entropy"), even_, first);
  EXPECT_NEAR(alone, size + 0.01 * (1 - dense / std::log(4.0)), 1e-7);
  EXPECT_GT(alone, size + 0.004);
  EXPECT_NEAR(modalityBalanceLoss(layers, first, counted_).item<double>(), (alone + size) / 2, 1e-7);
  EXPECT_EQ(modalityBalanceLoss(layers, none, none).item<double>(), 0);
}

TEST_F(RoutingLosses, AnUnknownNameIsRefusedWithTheKnownOnes) {
  try {
    routingLossNamed("entropy");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.hint()).find("usage_entropy"), std::string::npos);
  }
}

TEST(CrossEntropy, JudgesEachLabelByThePlaceBeforeIt) {
  const torch::Tensor logits = at::zeros({1, 3, 4});
  logits[0][0][2] = 3;
  logits[0][1][1] = -2;
  const torch::Tensor labels = at::tensor({3, 2, 1}, at::kLong).view({1, 3});
  const double first = std::log(std::exp(3.0) + 3) - 3;
  const double second = std::log(std::exp(-2.0) + 3) + 2;
  EXPECT_NEAR(nextTokenCrossEntropy(logits, labels).item<double>(), (first + second) / 2, 1e-6);
  labels[0][1] = kNoLabel;
  EXPECT_NEAR(nextTokenCrossEntropy(logits, labels).item<double>(), second, 1e-6);
  labels[0][2] = kNoLabel;
  EXPECT_EQ(nextTokenCrossEntropy(logits, labels).item<double>(), 0);
  EXPECT_THROW(nextTokenCrossEntropy(logits, labels.narrow(1, 0, 2)), Error);
}

}  // namespace
}  // namespace orthoscribe::learn
