// SPDX-License-Identifier: GPL-2.0-or-later
// Answers that share their passes, each through an expert of its own, against the same answers one by one.
#include <gmock/gmock.h>

#include <deque>

#include "core/engine/answer_run.h"
#include "core/engine/generator.h"
#include "tests/unit/engine/byte_tokenizer.h"
#include "tests/unit/model/tiny_model.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

const AnswerRules kRules{.endTokens = {7}, .endTexts = {}, .shownSpecial = {}};

class AnswersTogether : public testing::Test {
 protected:
  AnswersTogether() {
    for (std::uint64_t expert = 0; expert < 3; ++expert) bank_.push_back(model::madeLora(10 * expert + 1).write(path(expert)));
    network_ = base_.network({}, false, bank_);
  }
  fs::path path(std::uint64_t expert) const { return folder_.path() / ("expert" + std::to_string(expert)); }

  static SequenceInput prompt(std::vector<text::TokenId> ids, std::int64_t expert) {
    return {.ids = std::move(ids), .images = {}, .expert = expert};
  }
  static std::vector<SequenceInput> prompts() {
    return {prompt({1, 2, 3, 4, 5}, 0), prompt({6, 8}, 1), prompt({9, 10, 11, 12, 13, 14, 15, 16}, 2), prompt({1, 2}, -1)};
  }
  static GenerationOptions options(int beams) {
    GenerationOptions options;
    options.maxNewTokens = 12;
    options.logProbabilities = true;
    options.repetitionGuard = false;
    options.beams = beams;
    return options;
  }
  Reply alone(const model::Network& network, SequenceInput input, const GenerationOptions& options) const {
    return Generator(network, tokenizer_, kRules).answer(std::move(input), options, {}, {});
  }
  std::vector<Reply> together(const GenerationOptions& options) const {
    std::vector<RowRequest> rows;
    for (SequenceInput& input : prompts()) rows.push_back({std::move(input), options});
    return Generator(*network_, tokenizer_, kRules).answerTogether(std::move(rows), {});
  }
  static void expectSame(const Reply& got, const Reply& expected, std::size_t row) {
    EXPECT_EQ(got.text, expected.text) << "row " << row;
    EXPECT_EQ(got.stopReason, expected.stopReason) << "row " << row;
    EXPECT_EQ(got.usage.completionTokens, expected.usage.completionTokens) << "row " << row;
    ASSERT_EQ(got.tokens.size(), expected.tokens.size()) << "row " << row;
    for (std::size_t i = 0; i < got.tokens.size(); ++i)
      EXPECT_NEAR(got.tokens[i].logProbability, expected.tokens[i].logProbability, 1e-4) << "row " << row << ", token " << i;
  }

  TemporaryDirectory folder_;
  model::TinyModel model_{folder_.path() / "tiny", false, 1};
  model::BaseModel base_{model_.folder(), torch::kCPU, torch::kFloat32};
  std::vector<fs::path> bank_;
  std::unique_ptr<model::Network> network_;
  ByteTokenizer tokenizer_;
};

TEST_F(AnswersTogether, GreedyOnesAreThoseOfEachByItself) {
  const std::vector<Reply> replies = together(options(1));
  for (std::size_t row = 0; row < replies.size(); ++row)
    expectSame(replies[row], alone(*network_, prompts()[row], options(1)), row);
}

TEST_F(AnswersTogether, BeamsAreThoseOfEachExpertsOwnModel) {
  for (const int beams : {2, 5}) {
    const std::vector<Reply> replies = together(options(beams));
    for (std::size_t row = 0; row < replies.size(); ++row) {
      SequenceInput input = prompts()[row];
      const auto own = input.expert < 0 ? base_.network({}) : base_.network({bank_[static_cast<std::size_t>(input.expert)]});
      input.expert = -1;
      expectSame(replies[row], alone(*own, std::move(input), options(beams)), row);
    }
  }
}

TEST_F(AnswersTogether, FewRowsAPassChangeNothing) {
  const std::vector<Reply> expected = together(options(3));
  const GenerationDefaults defaults;
  const AnswerMaking making{.network = *network_, .tokenizer = tokenizer_, .rules = kRules, .defaults = defaults};
  std::deque<CachedSequence> sequences;
  std::vector<std::unique_ptr<AnswerRun>> owned;
  std::vector<AnswerRun*> runs;
  const VisionLanguageModel::OnToken nobody;
  for (SequenceInput& input : prompts()) {
    owned.push_back(beginAnswer(making, sequences.emplace_back(*network_), std::move(input), options(3), nobody));
    runs.push_back(owned.back().get());
  }
  EXPECT_TRUE(runTogether(runs, {}, 2));
  for (std::size_t row = 0; row < runs.size(); ++row) expectSame(runs[row]->finish(), expected[row], row);
}

TEST_F(AnswersTogether, ExpertsSayDifferentThingsAboutOnePrompt) {
  std::vector<RowRequest> rows;
  for (std::int64_t expert = -1; expert < 3; ++expert) rows.push_back({prompt({1, 2, 3, 4}, expert), options(1)});
  const std::vector<Reply> replies = Generator(*network_, tokenizer_, kRules).answerTogether(std::move(rows), {});
  for (std::size_t a = 0; a < replies.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      ASSERT_FALSE(replies[a].tokens.empty());
      ASSERT_FALSE(replies[b].tokens.empty());
      EXPECT_NE(replies[a].tokens[0].logProbability, replies[b].tokens[0].logProbability) << a << " and " << b;
    }
}

TEST_F(AnswersTogether, OnePromptKeepsNothingOfAnotherExpert) {
  Generator generator(*network_, tokenizer_, kRules);
  const Reply first = generator.answer(prompt({1, 2, 3, 4}, 0), options(1), {}, {});
  const Reply other = generator.answer(prompt({1, 2, 3, 4}, 1), options(1), {}, {});
  EXPECT_EQ(generator.reused(), 0);
  expectSame(other, alone(*network_, prompt({1, 2, 3, 4}, 1), options(1)), 1);
  EXPECT_NE(first.tokens[0].logProbability, other.tokens[0].logProbability);
}

TEST_F(AnswersTogether, CancelledOnesGiveWhatThereIs) {
  CancelSource source;
  source.cancel();
  std::vector<RowRequest> rows;
  rows.push_back({prompt({1, 2}, 0), options(1)});
  const std::vector<Reply> replies = Generator(*network_, tokenizer_, kRules).answerTogether(std::move(rows), source.token());
  EXPECT_EQ(replies.front().stopReason, StopReason::Cancelled);
}

}  // namespace
}  // namespace orthoscribe::engine
