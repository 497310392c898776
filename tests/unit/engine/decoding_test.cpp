// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/decoding.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

TEST(Decoding, TheModelsHabitsStandWhereTheCallerSaysNothing) {
  const GenerationDefaults habits{
      .beams = 5, .lengthPenalty = 0.5, .earlyStopping = EarlyStopping::Yes, .repetitionPenalty = 1.5, .noRepeatNgram = 3};
  const Decoding open = decodingOf({}, habits);
  EXPECT_EQ(open.beams, 5);
  EXPECT_EQ(open.lengthPenalty, 0.5);
  EXPECT_EQ(open.earlyStopping, EarlyStopping::Yes);
  EXPECT_EQ(open.repetitionPenalty, 1.5);
  EXPECT_EQ(open.noRepeatNgram, 3);
  const Decoding said = decodingOf(
      {.repetitionPenalty = 1.0, .beams = 2, .lengthPenalty = -1.0, .earlyStopping = EarlyStopping::Never, .noRepeatNgram = 0},
      habits);
  EXPECT_EQ(said.beams, 2);
  EXPECT_EQ(said.lengthPenalty, -1.0);
  EXPECT_EQ(said.earlyStopping, EarlyStopping::Never);
  EXPECT_EQ(said.repetitionPenalty, 1.0);
  EXPECT_EQ(said.noRepeatNgram, 0);
  EXPECT_EQ(decodingOf({}).beams, 1);
}

TEST(Decoding, DrawsWithOneBeam) {
  EXPECT_EQ(decodingOf({.temperature = 0.7}, {.beams = 5}).beams, 1);
  EXPECT_THROW(decodingOf({.temperature = 0.7, .beams = 2}), Error);
}

TEST(Decoding, SeedsDifferUnlessGiven) {
  EXPECT_EQ(decodingOf({.seed = 7}).seed, 7u);
  EXPECT_NE(decodingOf({}).seed, decodingOf({}).seed);
}

TEST(Decoding, RefusesOptionsOutOfRangeByNameAndRange) {
  const auto refusal = [](const std::function<void(GenerationOptions&)>& change) -> std::string {
    GenerationOptions options;
    change(options);
    try {
      decodingOf(options);
      return "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      return error.message() + "; " + error.hint();
    }
  };
  EXPECT_EQ(refusal([](auto& o) { o.temperature = -1; }), "temperature is -1; give 0 (greedy) to 2");
  EXPECT_EQ(refusal([](auto& o) { o.temperature = std::nan(""); }), "temperature is nan; give 0 (greedy) to 2");
  EXPECT_EQ(refusal([](auto& o) { o.topP = 0; }), "top_p is 0; give a share above 0, at most 1");
  EXPECT_EQ(refusal([](auto& o) { o.topP = 1.5; }), "top_p is 1.5; give a share above 0, at most 1");
  EXPECT_EQ(refusal([](auto& o) { o.topK = -1; }), "top_k is -1; give 0 (all tokens) or more");
  EXPECT_EQ(refusal([](auto& o) { o.minP = 1.01; }), "min_p is 1.01; give a share from 0 to 1");
  EXPECT_EQ(refusal([](auto& o) { o.repetitionPenalty = 0; }), "repetition_penalty is 0; give a factor above 0 (1: none)");
  EXPECT_EQ(refusal([](auto& o) { o.beams = 0; }), "num_beams is 0; give 1 to 16");
  EXPECT_EQ(refusal([](auto& o) { o.beams = 17; }), "num_beams is 17; give 1 to 16");
  EXPECT_EQ(refusal([](auto& o) { o.lengthPenalty = 11; }), "length_penalty is 11; give -10 to 10");
  EXPECT_EQ(refusal([](auto& o) { o.noRepeatNgram = -1; }), "no_repeat_ngram_size is -1; give 0 (off) or more");
  EXPECT_EQ(refusal([](auto& o) { o.maxNewTokens = 0; }), "max_tokens is 0; give 1 or more");
  EXPECT_EQ(refusal([](auto& o) { o.topLogProbabilities = 21; }), "top_logprobs is 21; give 0 to 20");
}

}  // namespace
}  // namespace orthoscribe::engine
