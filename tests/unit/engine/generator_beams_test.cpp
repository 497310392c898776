// SPDX-License-Identifier: GPL-2.0-or-later
// Beams over a network with caches: the network sees its cache only, so a cache that was handed on wrongly changes the answer.
#include <gmock/gmock.h>

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/engine/generator.h"
#include "reference_beams.h"
#include "scripted_network.h"

namespace orthoscribe::engine {
namespace {

using reference::Answer;
using reference::Ids;

constexpr std::size_t kLetters = 6;  // 'a' to 'e' and the end token
const AnswerRules kRules{.endTokens = {ByteTokenizer::kEnd}, .endTexts = {}, .shownSpecial = {}};

text::TokenId tokenOf(text::TokenId letter) {
  return letter == kLetters - 1 ? ByteTokenizer::kEnd : 'a' + letter;
}

std::string textOf(const Ids& letters) {
  std::string text;
  for (const text::TokenId letter : letters)
    if (letter != kLetters - 1) text += static_cast<char>(tokenOf(letter));
  return text;
}

// Speaks the letters by log-probabilities that depend on all that came before.
class BeamsTest : public testing::Test {
 protected:
  static std::vector<double> letters(const Ids& history, unsigned seed) { return reference::scattered(history, kLetters, seed); }

  void speakBy(unsigned seed) {
    network_.logitsAfter = [seed](const Ids& history) {
      at::Tensor logits = at::full({ByteTokenizer::kSize}, -1e9f);
      const std::vector<double> spoken = letters(history, seed);
      // Not normalised: that is for the engine to do.
      for (std::size_t i = 0; i < kLetters; ++i)
        logits[tokenOf(static_cast<text::TokenId>(i))] = static_cast<float>(spoken[i] + double(seed));
      return logits;
    };
  }

  reference::Question question(const Ids& prompt, unsigned seed, std::size_t beams) {
    const auto model = [prompt, seed](const Ids& ids) {
      Ids history = prompt;
      for (const text::TokenId id : ids) history.push_back(tokenOf(id));
      return letters(history, seed);
    };
    return {.model = model, .vocabulary = kLetters, .ends = {kLetters - 1}, .beams = beams, .maxTokens = 8};
  }

  Reply answer(Generator& generator, const Ids& prompt, const GenerationOptions& options) {
    return generator.answer({.ids = prompt, .images = {}}, options, {}, {});
  }

  ByteTokenizer tokenizer_;
  ScriptedNetwork network_{[](const Ids&) { return text::TokenId{0}; }};
};

TEST_F(BeamsTest, AnswerAsTheReferenceWhateverCachesAreHandedOn) {
  const Ids prompt = {'w', 'h', 'y', '?'};
  std::set<std::string> texts;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    speakBy(seed);
    Generator generator(network_, tokenizer_, kRules);
    for (const int beams : {2, 3, 5}) {
      for (const double penalty : {0.0, 1.0}) {
        reference::Question q = question(prompt, seed, static_cast<std::size_t>(beams));
        q.lengthPenalty = penalty;
        const Answer expected = reference::tables(q).at(0);
        const Reply reply = answer(generator, prompt, {.maxNewTokens = 8, .beams = beams, .lengthPenalty = penalty});
        EXPECT_EQ(reply.text, textOf(expected.ids)) << "seed " << seed << ", beams " << beams;
        EXPECT_EQ(reply.usage.completionTokens, static_cast<std::int64_t>(expected.ids.size()));
        EXPECT_EQ(reply.stopReason, expected.ids.back() == kLetters - 1 ? StopReason::EndOfAnswer : StopReason::Length);
        texts.insert(reply.text);
      }
    }
    // What the search left in the cache does not disturb a question after it.
    const Reply greedy = answer(generator, prompt, {.maxNewTokens = 8});
    Generator fresh(network_, tokenizer_, kRules);
    EXPECT_EQ(greedy.text, answer(fresh, prompt, {.maxNewTokens = 8}).text);
  }
  EXPECT_GT(texts.size(), 20u);
}

TEST_F(BeamsTest, AreTheModelsHabitOrTheCallersWish) {
  const Ids prompt = {'?'};
  int differ = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    speakBy(seed);
    Generator habit(network_, tokenizer_, kRules, {.beams = 5});
    Generator plain(network_, tokenizer_, kRules);
    const std::string byHabit = answer(habit, prompt, {.maxNewTokens = 8}).text;
    const std::string byWish = answer(plain, prompt, {.maxNewTokens = 8, .beams = 5}).text;
    const std::string greedy = answer(plain, prompt, {.maxNewTokens = 8}).text;
    EXPECT_EQ(byHabit, byWish);
    EXPECT_EQ(answer(habit, prompt, {.maxNewTokens = 8, .beams = 1}).text, greedy);
    differ += byHabit != greedy;
  }
  EXPECT_GT(differ, 2);
}

TEST_F(BeamsTest, GiveEveryAnswerForComparison) {
  const Ids prompt = {'?'};
  speakBy(4);
  Generator generator(network_, tokenizer_, kRules);
  const std::vector<Answer> expected = reference::tables(question(prompt, 4, 3));
  const std::vector<Hypothesis> found =
      generator.beams({.ids = prompt, .images = {}}, {.beams = 3, .maxTokens = 8}, {ByteTokenizer::kEnd});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    Ids ids;
    for (const text::TokenId id : expected[i].ids) ids.push_back(tokenOf(id));
    EXPECT_EQ(found[i].ids, ids);
    EXPECT_NEAR(found[i].score, expected[i].score, 1e-4);
  }
}

// The penalty works on log-probabilities, over prompt and answer, and what it takes is not shared out again.
TEST_F(BeamsTest, RepetitionPenaltyIsAppliedAfterTheSoftmax) {
  const Ids prompt = {'a', 'c'};
  for (unsigned seed = 1; seed <= 10; ++seed) {
    speakBy(seed);
    reference::Question q = question(prompt, seed, 4);
    const reference::Model plain = q.model;
    q.model = [plain](const Ids& ids) {
      std::vector<double> scores = plain(ids);
      std::set<text::TokenId> seen(ids.begin(), ids.end());
      seen.insert({0, 2});
      for (const text::TokenId id : seen) scores[static_cast<std::size_t>(id)] *= 1.5;
      return scores;
    };
    Generator generator(network_, tokenizer_, kRules);
    EXPECT_EQ(answer(generator, prompt, {.maxNewTokens = 8, .repetitionPenalty = 1.5, .beams = 4}).text,
              textOf(reference::tables(q).at(0).ids))
        << "seed " << seed;
  }
}

TEST_F(BeamsTest, StopTextsEndAnAnswerAndAreCutOff) {
  const Ids prompt = {'?'};
  int stopped = 0;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    speakBy(seed);
    Generator generator(network_, tokenizer_, kRules);
    const Reply reply = answer(generator, prompt, {.maxNewTokens = 8, .stop = {"ba", "dd"}, .beams = 3});
    EXPECT_EQ(reply.text.find("ba"), std::string::npos);
    EXPECT_EQ(reply.text.find("dd"), std::string::npos);
    // The stop text's two letters were generated, or the end token, or all there is room for.
    const auto given = static_cast<std::int64_t>(reply.text.size());
    if (reply.stopReason == StopReason::Length) {
      EXPECT_EQ(given, 8);
    } else {
      EXPECT_TRUE(reply.usage.completionTokens == given + 1 || reply.usage.completionTokens == given + 2) << reply.text;
      stopped += reply.usage.completionTokens == given + 2;
    }
  }
  EXPECT_GT(stopped, 5);
}

TEST_F(BeamsTest, HandOnWhatIsSettledAndNothingElse) {
  // 'a' is certain for three tokens, then any letter may come.
  network_.logitsAfter = [](const Ids& history) {
    at::Tensor logits = at::full({ByteTokenizer::kSize}, -std::numeric_limits<float>::infinity());
    const std::vector<double> spoken = letters(history, 3);
    const std::size_t possible = history.size() < 4 ? 1 : kLetters - 1;
    for (std::size_t i = 0; i < possible; ++i) logits[tokenOf(static_cast<text::TokenId>(i))] = static_cast<float>(spoken[i]);
    return logits;
  };
  std::vector<std::size_t> passesAt;
  std::string streamed;
  Generator generator(network_, tokenizer_, kRules);
  const Reply reply = generator.answer({.ids = {'?'}, .images = {}}, {.maxNewTokens = 9, .logProbabilities = true, .beams = 3},
                                       [&](const GeneratedToken& token) {
                                         streamed += token.text;
                                         passesAt.push_back(network_.passes.size());
                                       },
                                       {});
  EXPECT_EQ(streamed, reply.text);
  EXPECT_EQ(reply.text.substr(0, 3), "aaa");
  ASSERT_EQ(passesAt.size(), 9u);
  EXPECT_EQ(passesAt[0], 1u) << "the first token was certain after the first pass";
  EXPECT_EQ(passesAt[2], 3u);
  double sum = 0.0;
  std::string joined;
  for (const GeneratedToken& token : reply.tokens) {
    joined += token.text;
    sum += token.logProbability;
  }
  EXPECT_EQ(joined, reply.text);
  EXPECT_NEAR(reply.tokens.at(0).logProbability, 0.0, 1e-6);
  EXPECT_LT(sum, -1e-3);
}

TEST_F(BeamsTest, CancelledKeepsWhatWasSettled) {
  speakBy(2);
  CancelSource source;
  network_.onPass = [&] {
    if (network_.passes.size() == 6) source.cancel();
  };
  Generator generator(network_, tokenizer_, kRules);
  const Reply reply = generator.answer({.ids = {'?'}, .images = {}}, {.maxNewTokens = 100, .beams = 3}, {}, source.token());
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  network_.onPass = {};
  network_.passes.clear();
  EXPECT_EQ(answer(generator, {'?'}, {.maxNewTokens = 8, .beams = 3}).text,
            textOf(reference::tables(question({'?'}, 2, 3)).at(0).ids));
}

TEST_F(BeamsTest, EndWhenTheLeaderRepeatsItself) {
  network_.logitsAfter = [](const Ids& history) {
    at::Tensor logits = at::full({ByteTokenizer::kSize}, -20.f);
    logits[history.size() % 2 == 0 ? 'a' : 'b'] = 5.f;
    return logits;
  };
  Generator generator(network_, tokenizer_, kRules);
  const Reply guarded = answer(generator, {'?'}, {.maxNewTokens = 200, .beams = 2});
  EXPECT_EQ(guarded.stopReason, StopReason::Repetition);
  EXPECT_EQ(guarded.repeated.size(), 2u);
  EXPECT_LT(guarded.text.size(), 100u);
  const Reply free = answer(generator, {'?'}, {.maxNewTokens = 200, .beams = 2, .repetitionGuard = false});
  EXPECT_EQ(free.stopReason, StopReason::Length);
  EXPECT_EQ(free.text.size(), 200u);
}

}  // namespace
}  // namespace orthoscribe::engine
