// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/generator.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "scripted_network.h"

namespace orthoscribe::engine {
namespace {

using testing::ElementsAre;

const AnswerRules kRules{.endTokens = {ByteTokenizer::kEnd}, .endTexts = {}, .shownSpecial = {ByteTokenizer::kBox}};

std::vector<text::TokenId> bytes(std::string_view text) {
  return ByteTokenizer().encode(text, false);
}

SequenceInput prompt(std::string_view text) {
  return {.ids = bytes(text), .images = {}};
}

class GeneratorTest : public testing::Test {
 protected:
  Reply answer(Generator& generator, SequenceInput input, const GenerationOptions& options = {}) {
    return generator.answer(std::move(input), options, {}, {});
  }
  ByteTokenizer tokenizer_;
};

TEST_F(GeneratorTest, AnswersUntilTheEndToken) {
  const ScriptedNetwork network(answering(bytes("two ships"), 5));
  Generator generator(network, tokenizer_, kRules);
  const Reply reply = answer(generator, prompt("what?"));
  EXPECT_EQ(reply.text, "two ships");
  EXPECT_EQ(reply.stopReason, StopReason::EndOfAnswer);
  EXPECT_EQ(reply.usage.promptTokens, 5);
  EXPECT_EQ(reply.usage.completionTokens, 10);
  EXPECT_TRUE(reply.tokens.empty());
  EXPECT_THAT(network.passes, ElementsAre(5, 1, 1, 1, 1, 1, 1, 1, 1, 1));
}

TEST_F(GeneratorTest, StopsAtTheLengthAskedFor) {
  const ScriptedNetwork network(answering(bytes("two ships"), 5));
  Generator generator(network, tokenizer_, kRules);
  const Reply reply = answer(generator, prompt("what?"), {.maxNewTokens = 3});
  EXPECT_EQ(reply.text, "two");
  EXPECT_EQ(reply.stopReason, StopReason::Length);
  // The last token needs no pass of its own.
  EXPECT_EQ(network.passes.size(), 3u);
}

TEST_F(GeneratorTest, StopsBeforeAStopString) {
  const ScriptedNetwork network(answering(bytes("two ships"), 5));
  Generator generator(network, tokenizer_, kRules);
  const Reply reply = answer(generator, prompt("what?"), {.stop = {" sh"}});
  EXPECT_EQ(reply.text, "two");
  EXPECT_EQ(reply.stopReason, StopReason::EndOfAnswer);
}

TEST_F(GeneratorTest, StreamsWhatItReturns) {
  const ScriptedNetwork network(answering(bytes(" zwölf 船"), 5));
  Generator generator(network, tokenizer_, kRules);
  std::string streamed;
  const Reply reply = generator.answer(prompt("what?"), {}, [&](const GeneratedToken& token) { streamed += token.text; }, {});
  EXPECT_EQ(reply.text, "zwölf 船");
  EXPECT_EQ(streamed, reply.text);
}

TEST_F(GeneratorTest, GivesLogProbabilitiesAndAlternatives) {
  const ScriptedNetwork network(answering({'a', ByteTokenizer::kBox}, 1));
  Generator generator(network, tokenizer_, kRules);
  const Reply reply = answer(generator, prompt("?"), {.logProbabilities = true, .topLogProbabilities = 2});
  ASSERT_EQ(reply.tokens.size(), 2u);
  const double expected = 10.0 - std::log(std::exp(10.0) + double(ByteTokenizer::kSize - 1));
  EXPECT_NEAR(reply.tokens[0].logProbability, expected, 1e-6);
  ASSERT_EQ(reply.tokens[1].alternatives.size(), 2u);
  EXPECT_EQ(reply.tokens[1].alternatives[0].text, "<box>");
  EXPECT_EQ(reply.tokens[0].text + reply.tokens[1].text, reply.text);
}

TEST_F(GeneratorTest, CancelsBetweenTokensAndKeepsWhatWasSaid) {
  const ScriptedNetwork network(answering(bytes("two ships"), 5));
  Generator generator(network, tokenizer_, kRules);
  CancelSource source;
  int seen = 0;
  const Reply reply = generator.answer(
      prompt("what?"), {},
      [&](const GeneratedToken&) {
        if (++seen == 3) source.cancel();
      },
      source.token());
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  EXPECT_EQ(reply.text, "two");
}

TEST_F(GeneratorTest, CancelsWithinALongPromptAndGoesOnFromThere) {
  CancelSource source;
  ScriptedNetwork network(answering(bytes("ok"), 1000));
  network.onPass = [&] { source.cancel(); };
  Generator generator(network, tokenizer_, kRules);
  const std::string text(1000, 'x');
  const Reply reply = generator.answer(prompt(text), {}, {}, source.token());
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  EXPECT_EQ(reply.text, "");
  EXPECT_THAT(network.passes, ElementsAre(256));
  network.passes.clear();
  EXPECT_EQ(answer(generator, prompt(text)).text, "ok");
  EXPECT_THAT(network.passes, ElementsAre(256, 256, 232, 1, 1));
}

TEST_F(GeneratorTest, ComputesOnlyWhatAFollowingQuestionAdds) {
  const auto next = [](const std::vector<text::TokenId>& history) {
    // The sum of all it has seen, as a letter: wrong if anything of the cache is.
    const auto sum = std::accumulate(history.begin(), history.end(), text::TokenId{0});
    return history.size() % 10 == 0 ? ByteTokenizer::kEnd : 'a' + sum % 26;
  };
  const ScriptedNetwork network(next);
  Generator kept(network, tokenizer_, kRules);
  const std::string first = "a picture: what is it?";
  const Reply one = answer(kept, prompt(first));
  const std::string second = first + one.text + ";and now?";
  network.passes.clear();
  const Reply two = answer(kept, prompt(second));
  EXPECT_GE(kept.reused(), static_cast<std::int64_t>(first.size()));
  EXPECT_EQ(network.passes.front(), static_cast<std::int64_t>(second.size()) - kept.reused());
  Generator fresh(network, tokenizer_, kRules);
  EXPECT_EQ(two.text, answer(fresh, prompt(second)).text);
  // Another conversation shares the first letters only; the same one again shares all but its last token.
  EXPECT_EQ(answer(kept, prompt("a pie")).text, answer(fresh, prompt("a pie")).text);
  EXPECT_EQ(kept.reused(), 4);
  answer(kept, prompt("a pie"));
  EXPECT_EQ(kept.reused(), 4);
}

TEST_F(GeneratorTest, DoesNotReuseAnotherPicture) {
  const ScriptedNetwork network(
      [](const std::vector<text::TokenId>& history) { return history.size() == 7 ? 'a' + history[2] : ByteTokenizer::kEnd; });
  Generator generator(network, tokenizer_, kRules);
  const auto ask = [&](float value, const std::string& hash) {
    SequenceInput input = prompt("<img><IMG_CONTEXT><IMG_CONTEXT></img>ab?");
    input.images.push_back({.span = {.begin = 1, .length = 2}, .hash = hash, .rows = at::full({2, 1}, value)});
    return answer(generator, std::move(input)).text;
  };
  EXPECT_EQ(ask(3, "first"), "d");
  EXPECT_EQ(ask(5, "second"), "f");
  EXPECT_EQ(generator.reused(), 1);
  EXPECT_EQ(ask(5, "second"), "f");
  EXPECT_EQ(generator.reused(), 6);
}

TEST_F(GeneratorTest, StartsOverWhereThePositionFactorsChange) {
  ScriptedNetwork network(answering(bytes("abcdef"), 8));
  network.factorsChangeAt = 10;
  Generator generator(network, tokenizer_, kRules);
  EXPECT_EQ(answer(generator, prompt("12345678")).text, "abcdef");
  // Token 11 brings the whole sequence again.
  EXPECT_THAT(network.passes, ElementsAre(8, 1, 1, 11, 1, 1, 1));
  // And a short prompt after that may not use the cache of a long one.
  network.passes.clear();
  answer(generator, prompt("12345678"));
  EXPECT_EQ(network.passes.front(), 8);
}

TEST_F(GeneratorTest, TheFirstPassOfALongPromptIsLongEnoughForItsFactors) {
  ScriptedNetwork network(answering(bytes("ok"), 1000));
  network.factorsChangeAt = 600;
  Generator generator(network, tokenizer_, kRules);
  EXPECT_EQ(answer(generator, prompt(std::string(1000, 'x'))).text, "ok");
  EXPECT_THAT(network.passes, ElementsAre(601, 256, 143, 1, 1));
}

TEST_F(GeneratorTest, SaysThatAConversationIsTooLong) {
  const ScriptedNetwork network(answering(bytes("okay"), 10), 12);
  Generator generator(network, tokenizer_, kRules);
  try {
    answer(generator, prompt("twelve bytes"));
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("takes 12 tokens, the model sees at most 12"));
  }
  const Reply reply = answer(generator, prompt("ten bytes!"));
  EXPECT_EQ(reply.text, "ok");
  EXPECT_EQ(reply.stopReason, StopReason::Length);
}

TEST_F(GeneratorTest, GreedyDoesNotEnd) {
  const ScriptedNetwork network(answering(bytes("ab"), 1));
  Generator generator(network, tokenizer_, kRules);
  EXPECT_THAT(generator.greedy(prompt("?"), 4), ElementsAre('a', 'b', ByteTokenizer::kEnd, ByteTokenizer::kEnd));
}

TEST_F(GeneratorTest, EndsAnAnswerThatRepeatsItselfAndSaysSo) {
  const auto next = [](const std::vector<text::TokenId>& history) -> text::TokenId { return "car, "[history.size() % 5]; };
  const ScriptedNetwork network(next);
  Generator generator(network, tokenizer_, kRules);
  std::string streamed;
  const Reply reply =
      generator.answer(prompt("what?"), {.maxNewTokens = 1000}, [&](const GeneratedToken& token) { streamed += token.text; }, {});
  EXPECT_EQ(reply.stopReason, StopReason::Repetition);
  EXPECT_EQ(reply.usage.completionTokens, 96);
  EXPECT_EQ(streamed, reply.text);
  EXPECT_EQ(reply.repeated.size(), 5u);
  EXPECT_THAT(reply.repeated + reply.repeated, testing::HasSubstr("car, "));
  const Reply free = answer(generator, prompt("what?"), {.maxNewTokens = 300, .repetitionGuard = false});
  EXPECT_EQ(free.stopReason, StopReason::Length);
  EXPECT_EQ(free.usage.completionTokens, 300);
  EXPECT_EQ(free.repeated, "");
}

TEST_F(GeneratorTest, TheSameSeedGivesTheSameTextWhateverWasAskedBetween) {
  ScriptedNetwork network([](const auto&) { return text::TokenId{0}; });
  network.logitsAfter = [](const std::vector<text::TokenId>&) {
    at::Tensor logits = at::full({ByteTokenizer::kSize}, -1e9f);
    logits.narrow(0, 'a', 26).fill_(0.f);
    return logits;
  };
  Generator generator(network, tokenizer_, kRules);
  const GenerationOptions seven{.maxNewTokens = 30, .temperature = 1.0, .seed = 7};
  const std::string first = answer(generator, prompt("?"), seven).text;
  EXPECT_NE(answer(generator, prompt("?"), {.maxNewTokens = 30, .temperature = 1.0, .seed = 8}).text, first);
  const std::string unseeded = answer(generator, prompt("?"), {.maxNewTokens = 30, .temperature = 1.0}).text;
  EXPECT_NE(answer(generator, prompt("?"), {.maxNewTokens = 30, .temperature = 1.0}).text, unseeded);
  EXPECT_EQ(answer(generator, prompt("?"), seven).text, first);
}

TEST_F(GeneratorTest, RefusesOptionsOutOfRange) {
  const ScriptedNetwork network(answering(bytes("ab"), 1));
  Generator generator(network, tokenizer_, kRules);
  EXPECT_THROW(answer(generator, prompt("?"), {.maxNewTokens = 0}), Error);
  EXPECT_THROW(answer(generator, prompt("?"), {.topLogProbabilities = 21}), Error);
}

}  // namespace
}  // namespace orthoscribe::engine
