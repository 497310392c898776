// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

std::map<text::TokenId, int> draws(const Decoding& options, const std::vector<float>& logits, int count) {
  Sampler sampler(options);
  std::map<text::TokenId, int> seen;
  for (int i = 0; i < count; ++i) ++seen[sampler.choose(logits, {})];
  return seen;
}

TEST(Sampler, GreedyTakesTheLargestAndTheLowestIdAmongEquals) {
  Sampler sampler{Decoding{}};
  EXPECT_EQ(sampler.choose(std::vector<float>{0.1f, 2.f, -3.f, 2.f}, {}), 1);
}

TEST(Sampler, DrawsFollowTheSoftmaxUnderTheTemperature) {
  const std::vector<float> logits = {0.f, 1.f, 2.f};
  const int count = 40000;
  const auto seen = draws({.temperature = 2.0, .seed = 7}, logits, count);
  const double total = std::exp(0.0) + std::exp(0.5) + std::exp(1.0);
  for (const auto& [id, times] : seen) {
    const double expected = std::exp(0.5 * double(id)) / total;
    // Five standard deviations of a binomial count.
    EXPECT_NEAR(double(times) / count, expected, 5 * std::sqrt(expected * (1 - expected) / count)) << "token " << id;
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST(Sampler, EqualSeedsDrawEqually) {
  const std::vector<float> logits = {0.f, 0.1f, 0.2f, 0.3f, 0.f, 0.5f};
  std::vector<text::TokenId> first, second, third;
  for (auto [list, seed] : {std::pair{&first, 3u}, {&second, 3u}, {&third, 4u}}) {
    Sampler sampler(Decoding{.temperature = 1.0, .seed = seed});
    for (int i = 0; i < 50; ++i) list->push_back(sampler.choose(logits, {}));
  }
  EXPECT_EQ(first, second);
  EXPECT_NE(first, third);
}

TEST(Sampler, TopKKeepsTheBest) {
  const auto seen = draws({.temperature = 5.0, .topK = 2, .seed = 1}, {1.f, 3.f, 2.f, 0.f}, 2000);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_TRUE(seen.contains(1));
  EXPECT_TRUE(seen.contains(2));
}

TEST(Sampler, TopPKeepsTheSmallestSetThatReachesIt) {
  // Probabilities 0.5, 0.3, 0.2.
  const std::vector<float> logits = {std::log(0.5f), std::log(0.3f), std::log(0.2f)};
  EXPECT_EQ(draws({.temperature = 1.0, .topP = 0.45, .seed = 1}, logits, 500).size(), 1u);
  EXPECT_EQ(draws({.temperature = 1.0, .topP = 0.7, .seed = 1}, logits, 500).size(), 2u);
  EXPECT_EQ(draws({.temperature = 1.0, .topP = 1.0, .seed = 1}, logits, 500).size(), 3u);
}

TEST(Sampler, RepetitionPenaltyLowersSeenTokensOfEitherSign) {
  Sampler sampler(Decoding{.repetitionPenalty = 2.0});
  EXPECT_EQ(sampler.choose(std::vector<float>{1.9f, 1.f}, std::vector<text::TokenId>{0, 0}), 1);
  EXPECT_EQ(sampler.choose(std::vector<float>{-0.6f, -1.f}, std::vector<text::TokenId>{0}), 1);
  EXPECT_EQ(sampler.choose(std::vector<float>{-0.4f, -1.f}, std::vector<text::TokenId>{0, 900}), 0);
}

TEST(Sampler, LogProbabilitiesAreThoseOfTheSoftmax) {
  const std::vector<float> logits = {std::log(0.5f), std::log(0.3f), std::log(0.2f)};
  EXPECT_NEAR(logSumExp(logits), 0.0, 1e-6);
  const auto best = mostProbable(logits, 2);
  ASSERT_EQ(best.size(), 2u);
  EXPECT_EQ(best[0].id, 0);
  EXPECT_NEAR(best[1].logProbability, std::log(0.3), 1e-6);
  EXPECT_EQ(mostProbable(logits, 20).size(), 3u);
  EXPECT_NEAR(logSumExp(std::vector<float>{1000.f, 1000.f}), 1000 + std::log(2.0), 1e-9);
}

TEST(Sampler, MinPKeepsWhatIsNotMuchLessProbableThanTheBest) {
  // Probabilities 0.5, 0.3, 0.15, 0.05: shares of the best 1, 0.6, 0.3, 0.1.
  const std::vector<float> logits = {std::log(0.5f), std::log(0.3f), std::log(0.15f), std::log(0.05f)};
  EXPECT_EQ(draws({.temperature = 1.0, .minP = 0.65, .seed = 1}, logits, 500).size(), 1u);
  EXPECT_EQ(draws({.temperature = 1.0, .minP = 0.5, .seed = 1}, logits, 500).size(), 2u);
  EXPECT_EQ(draws({.temperature = 1.0, .minP = 0.2, .seed = 1}, logits, 500).size(), 3u);
  EXPECT_EQ(draws({.temperature = 1.0, .minP = 1.0, .seed = 1}, logits, 500).size(), 1u);
  EXPECT_EQ(draws({.temperature = 1.0, .minP = 0.0, .seed = 1}, logits, 500).size(), 4u);
  // Each of the two may cut.
  EXPECT_EQ(draws({.temperature = 1.0, .topP = 0.6, .minP = 0.2, .seed = 1}, logits, 500).size(), 2u);
}

TEST(Sampler, NoRunOfTokensComesTwice) {
  Sampler sampler(Decoding{.noRepeatNgram = 2});
  const std::vector<float> logits = {0.f, 3.f, 2.f, 1.f};
  EXPECT_EQ(sampler.choose(logits, std::vector<text::TokenId>{0, 1, 3, 0}), 2) << "0 1 was said before";
  EXPECT_EQ(sampler.choose(logits, std::vector<text::TokenId>{0, 1, 3, 3}), 1);
  EXPECT_EQ(sampler.choose(logits, std::vector<text::TokenId>{0, 1, 0, 2, 0}), 3);
  EXPECT_EQ(sampler.choose(logits, {}), 1);
  Sampler never(Decoding{.noRepeatNgram = 1});
  EXPECT_EQ(never.choose(logits, std::vector<text::TokenId>{1, 2}), 3);
}

TEST(Sampler, RefusesLogitsThatAreNoNumbers) {
  Sampler sampler{Decoding{}};
  EXPECT_THROW(sampler.choose(std::vector<float>{0.f, std::numeric_limits<float>::quiet_NaN()}, {}), Error);
}

}  // namespace
}  // namespace orthoscribe::engine
