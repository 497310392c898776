// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/beam_search.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "reference_beams.h"

namespace orthoscribe::engine {
namespace {

using reference::Answer;
using reference::Ids;
using reference::Question;

std::vector<Answer> searched(const Question& q) {
  BeamSearch search({.beams = static_cast<int>(q.beams),
                     .lengthPenalty = q.lengthPenalty,
                     .earlyStopping = q.earlyStopping,
                     .maxTokens = static_cast<std::int64_t>(q.maxTokens),
                     .endTokens = q.ends.size()},
                    [&](std::span<const text::TokenId> /*ids*/, text::TokenId next) { return q.ends.contains(next); });
  while (!search.done()) {
    std::vector<std::vector<float>> scores;
    for (const Hypothesis& open : search.open()) {
      const std::vector<double> exact = q.model(open.ids);
      scores.emplace_back(exact.begin(), exact.end());
    }
    search.advance(scores, [](std::size_t /*open*/, text::TokenId /*id*/) { return GeneratedToken{}; });
  }
  std::vector<Answer> answers;
  for (const Hypothesis& hypothesis : search.finished()) answers.push_back({hypothesis.ids, hypothesis.score});
  return answers;
}

Question question(std::size_t vocabulary, unsigned seed) {
  return {.model = [vocabulary, seed](const Ids& ids) { return reference::scattered(ids, vocabulary, seed); },
          .vocabulary = vocabulary};
}

void expectEqual(const std::vector<Answer>& mine, const std::vector<Answer>& theirs, const std::string& what) {
  ASSERT_EQ(mine.size(), theirs.size()) << what;
  for (std::size_t i = 0; i < mine.size(); ++i) {
    EXPECT_EQ(mine[i].ids, theirs[i].ids) << what << ", answer " << i;
    EXPECT_NEAR(mine[i].score, theirs[i].score, 1e-4) << what << ", answer " << i;
  }
}

TEST(BeamSearch, GivesWhatTheTablesOfTheReferenceGive) {
  int endedEarly = 0;
  for (unsigned seed = 1; seed <= 25; ++seed) {
    for (const std::size_t beams : {1u, 2u, 3u, 5u}) {
      for (const double penalty : {-1.0, 0.0, 0.6, 1.0, 2.0}) {
        for (const EarlyStopping stopping : {EarlyStopping::No, EarlyStopping::Yes, EarlyStopping::Never}) {
          Question q = question(11, seed);
          q.beams = beams;
          q.maxTokens = 9;
          q.lengthPenalty = penalty;
          q.earlyStopping = stopping;
          // None, one or several tokens end an answer.
          for (text::TokenId id = 0; id < static_cast<text::TokenId>(seed % 4); ++id) q.ends.insert(3 * id);
          const std::vector<Answer> expected = reference::tables(q);
          endedEarly += expected.front().ids.size() < q.maxTokens;
          expectEqual(searched(q), expected,
                      "seed " + std::to_string(seed) + ", beams " + std::to_string(beams) + ", penalty " +
                          std::to_string(penalty) + ", early stopping " + std::to_string(int(stopping)));
        }
      }
    }
  }
  EXPECT_GT(endedEarly, 200) << "nearly no answer ended: the test tests little";
}

TEST(BeamSearch, WithBeamsForAllAnswersFindsTheBestOfAll) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    for (const double penalty : {0.0, 1.0, 1.5}) {
      Question q = question(5, seed);
      q.ends = {2};
      q.beams = 5 * 5 * 5 * 5;
      q.maxTokens = 5;
      q.lengthPenalty = penalty;
      q.earlyStopping = EarlyStopping::Never;
      const Answer expected = reference::best(q);
      const Answer found = searched(q).at(0);
      EXPECT_EQ(found.ids, expected.ids) << "seed " << seed << ", penalty " << penalty;
      EXPECT_NEAR(found.score, expected.score, 1e-5);
    }
  }
}

// Probabilities 0.5 and 0.5 first, then one way is sure of itself and the other is not.
TEST(BeamSearch, FindsWhatGreedyWalksPast) {
  const auto model = [](const Ids& ids) -> std::vector<double> {
    const auto logs = [](double a, double b) { return std::vector<double>{std::log(a), std::log(b)}; };
    if (ids.empty()) return logs(0.55, 0.45);
    return ids[0] == 0 ? logs(0.5, 0.5) : logs(0.05, 0.95);
  };
  Question q{.model = model, .vocabulary = 2, .maxTokens = 2};
  EXPECT_EQ(searched(q).at(0).ids, (Ids{0, 0}));
  q.beams = 2;
  EXPECT_EQ(searched(q).at(0).ids, (Ids{1, 1}));
  EXPECT_NEAR(searched(q).at(0).score, std::log(0.45 * 0.95) / 2, 1e-6);
}

TEST(BeamSearch, CountsTheEndTokenInTheLength) {
  // One token that ends with probability 0.4 at once, or 0.6 and then surely.
  const auto model = [](const Ids& ids) -> std::vector<double> {
    if (ids.empty()) return {std::log(0.4), std::log(0.6)};
    return {0.0, -std::numeric_limits<double>::infinity()};
  };
  const Question q{.model = model, .vocabulary = 2, .ends = {0}, .beams = 2, .maxTokens = 4};
  const std::vector<Answer> found = searched(q);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].ids, (Ids{1, 0}));
  EXPECT_NEAR(found[0].score, std::log(0.6) / 2, 1e-6);
  EXPECT_NEAR(found[1].score, std::log(0.4), 1e-6);
}

TEST(BeamSearch, OpenAnswersCanBeCountedAsFinished) {
  const Question q = question(7, 3);
  BeamSearch search({.beams = 3, .maxTokens = 100}, [](std::span<const text::TokenId>, text::TokenId) { return false; });
  for (int step = 0; step < 4; ++step) {
    std::vector<std::vector<float>> scores;
    for (const Hypothesis& open : search.open()) {
      const std::vector<double> exact = q.model(open.ids);
      scores.emplace_back(exact.begin(), exact.end());
    }
    search.advance(scores, [](std::size_t, text::TokenId) { return GeneratedToken{}; });
  }
  EXPECT_FALSE(search.done());
  const Ids leader = search.open().front().ids;
  search.finishOpen();
  EXPECT_TRUE(search.done());
  ASSERT_EQ(search.finished().size(), 3u);
  EXPECT_EQ(search.finished().front().ids, leader);
  EXPECT_NEAR(search.finished().front().score, search.finished().front().sum / 4, 1e-9);
}

TEST(BeamSearch, LogSoftmaxSumsToOne) {
  const std::vector<float> logits = {1000.f, 1001.f, 999.f};
  double sum = 0.0;
  for (const float value : logSoftmax(logits)) sum += std::exp(value);
  EXPECT_NEAR(sum, 1.0, 1e-6);
}

}  // namespace
}  // namespace orthoscribe::engine
