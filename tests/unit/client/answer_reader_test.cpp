// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/answer_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::client {
namespace {

using testing::HasSubstr;

class AnswerReaderTest : public testing::Test {
 protected:
  std::vector<GeneratedToken> heard_;
  const VisionLanguageModel::OnToken onToken_ = [this](const GeneratedToken& token) { heard_.push_back(token); };
  const GenerationOptions withLogProbabilities_{.logProbabilities = true};
};

std::string contentChunk(const std::string& content, const std::string& logProbabilities = "null") {
  return R"({"choices":[{"delta":{"content":")" + content + R"("},"logprobs":)" + logProbabilities + "}]}";
}

TEST_F(AnswerReaderTest, JoinsChunks) {
  AnswerReader reader("server", {}, onToken_);
  EXPECT_TRUE(reader.readChunk(R"({"choices":[{"delta":{"role":"assistant","content":null}}]})"));
  EXPECT_TRUE(reader.readChunk(contentChunk("a")));
  EXPECT_TRUE(reader.readChunk(contentChunk("b")));
  EXPECT_FALSE(reader.complete());
  EXPECT_TRUE(reader.readChunk(R"({"choices":[{"delta":{},"finish_reason":"length"}]})"));
  EXPECT_TRUE(reader.complete());
  EXPECT_TRUE(reader.readChunk(R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}})"));
  EXPECT_FALSE(reader.readChunk("[DONE]"));
  const Reply reply = reader.takeReply();
  EXPECT_EQ(reply.text, "ab");
  EXPECT_EQ(heard_.size(), 2u);
  EXPECT_EQ(reply.stopReason, StopReason::Length);
  EXPECT_EQ(reply.usage.promptTokens, 7);
  EXPECT_TRUE(reply.tokens.empty());
}

TEST_F(AnswerReaderTest, TakesAnAnswerInOnePiece) {
  AnswerReader reader("server", {}, onToken_);
  reader.readWhole(R"({"choices":[{"message":{"role":"assistant","content":"all"},"finish_reason":"stop"}]})");
  EXPECT_TRUE(reader.complete());
  EXPECT_EQ(reader.takeReply().text, "all");
  EXPECT_EQ(heard_.size(), 1u);
}

TEST_F(AnswerReaderTest, HearsOfAnAnswerThatRepeatedItself) {
  AnswerReader stream("server", {}, onToken_);
  stream.readChunk(contentChunk("car, car, "));
  stream.readChunk(
      R"({"choices":[{"delta":{},"finish_reason":"length"}],"orthoscribe":{"stop_reason":"repetition","repeated":"car, "}})");
  stream.readChunk("[DONE]");
  const Reply reply = stream.takeReply();
  EXPECT_EQ(reply.stopReason, StopReason::Repetition);
  EXPECT_EQ(reply.repeated, "car, ");
  // Whatever else stands there is not for us.
  for (const char* other : {"7", R"({"stop_reason":7})", R"({"stop_reason":"moon"})", R"({"repeated":"x"})", "[]"}) {
    AnswerReader whole("server", {}, onToken_);
    whole.readWhole(R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"orthoscribe":)" + std::string(other) +
                    "}");
    EXPECT_EQ(whole.takeReply().stopReason, StopReason::EndOfAnswer) << other;
  }
  AnswerReader nameless("server", {}, onToken_);
  nameless.readWhole(R"({"choices":[{"message":{"content":"a"}}],"orthoscribe":{"stop_reason":"repetition","repeated":5}})");
  EXPECT_EQ(nameless.takeReply().stopReason, StopReason::Repetition);
}

TEST_F(AnswerReaderTest, WhatRoutersDidIsTaken) {
  AnswerReader reader("server", {}, onToken_);
  reader.readChunk(contentChunk("a"));
  reader.readChunk(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})");
  reader.readChunk(R"({"choices":[],"orthoscribe":{"routing":{"top_k":2,"layers":[
      {"name":"layer 0","usage":[0.25,0.75],"chosen":[3,5],"entropy":0.5},7,{"usage":"no"}]}}})");
  const Reply reply = reader.takeReply();
  ASSERT_TRUE(reply.routing);
  EXPECT_EQ(reply.routing->topK, 2);
  ASSERT_EQ(reply.routing->routers.size(), 2u);
  EXPECT_EQ(reply.routing->routers[0].place, "layer 0");
  EXPECT_EQ(reply.routing->routers[0].usage, (std::vector<double>{0.25, 0.75}));
  EXPECT_EQ(reply.routing->routers[0].chosen, (std::vector<std::int64_t>{3, 5}));
  EXPECT_DOUBLE_EQ(reply.routing->routers[0].entropy, 0.5);
  EXPECT_TRUE(reply.routing->routers[1].usage.empty());
}

TEST_F(AnswerReaderTest, WhatACaptionWasMadeOfIsTaken) {
  AnswerReader reader("server", {}, onToken_);
  reader.readChunk(contentChunk("A port."));
  reader.readChunk(R"({"choices":[{"delta":{},"finish_reason":"stop"}],"orthoscribe":{"aspects":{"fusion":"concat",
      "fusion_fallback":true,"parts":[{"name":"theme","text":"A port.","own_expert":true,"mean_logprob":-0.5},7,
      {"name":5,"relevance":"no","skipped":true}]}}})");
  const Reply reply = reader.takeReply();
  ASSERT_TRUE(reply.aspects);
  EXPECT_EQ(reply.aspects->fusion, "concat");
  EXPECT_TRUE(reply.aspects->fusionFallback);
  ASSERT_EQ(reply.aspects->parts.size(), 2u);
  EXPECT_EQ(reply.aspects->parts[0].text, "A port.");
  EXPECT_TRUE(reply.aspects->hasExperts());
  EXPECT_DOUBLE_EQ(reply.aspects->parts[0].meanLogProbability, -0.5);
  EXPECT_TRUE(reply.aspects->parts[1].skipped);
  EXPECT_EQ(reply.aspects->parts[1].name, "");
  EXPECT_DOUBLE_EQ(reply.aspects->parts[1].relevance, 1.0);
}

TEST_F(AnswerReaderTest, CodePointsSplitOverTokensAreJoined) {
  AnswerReader reader("server", withLogProbabilities_, onToken_);
  reader.readChunk(contentChunk("", R"({"content":[{"token":"?","bytes":[195],"logprob":-1}]})"));
  reader.readChunk(contentChunk("\xC3\xA9", R"({"content":[{"token":"?","bytes":[169],"logprob":-2}]})"));
  const Reply reply = reader.takeReply();
  EXPECT_EQ(reply.text, "\xC3\xA9");
  ASSERT_EQ(reply.tokens.size(), 2u);
  EXPECT_EQ(reply.tokens[0].text, "");
  EXPECT_DOUBLE_EQ(reply.tokens[0].logProbability, -1);
  EXPECT_EQ(reply.tokens[1].text, "\xC3\xA9");
}

TEST_F(AnswerReaderTest, TokensAlwaysJoinToTheText) {
  AnswerReader reader("server", withLogProbabilities_, onToken_);
  reader.readChunk(contentChunk("abc", R"({"content":[{"token":"x","logprob":-1},{"token":"y","logprob":-2}]})"));
  reader.readChunk(contentChunk("de"));
  std::string joined;
  const Reply reply = reader.takeReply();
  for (const GeneratedToken& token : reply.tokens) joined += token.text;
  EXPECT_EQ(joined, "abcde");
  EXPECT_DOUBLE_EQ(reply.tokens[0].logProbability, -1.5);
  EXPECT_EQ(reply.text, "abcde");
  EXPECT_EQ(reply.tokens.size(), 3u);
}

TEST_F(AnswerReaderTest, AServerWithoutProbabilitiesIsNotSureOfEverything) {
  AnswerReader silent("server", withLogProbabilities_, onToken_);
  silent.readChunk(contentChunk("ab"));
  silent.readChunk(contentChunk("c"));
  const Reply nothing = silent.takeReply();
  EXPECT_EQ(nothing.text, "abc");
  EXPECT_TRUE(nothing.tokens.empty());
  EXPECT_TRUE(std::isnan(heard_.at(0).logProbability));
  AnswerReader whole("server", withLogProbabilities_, onToken_);
  whole.readWhole(R"({"choices":[{"message":{"content":"all"},"logprobs":null,"finish_reason":"stop"}]})");
  EXPECT_TRUE(whole.takeReply().tokens.empty());
  // Told for a part of the answer only.
  AnswerReader partly("server", withLogProbabilities_, onToken_);
  partly.readChunk(contentChunk("a", R"({"content":[{"token":"a","logprob":-1}]})"));
  partly.readChunk(contentChunk("b"));
  const Reply some = partly.takeReply();
  ASSERT_EQ(some.tokens.size(), 2u);
  EXPECT_DOUBLE_EQ(some.tokens[0].logProbability, -1);
  EXPECT_TRUE(std::isnan(some.tokens[1].logProbability));
}

TEST_F(AnswerReaderTest, ErrorsInsideAStreamKeepTheirWords) {
  AnswerReader reader("server", {}, onToken_);
  try {
    reader.readChunk(R"({"error":{"message":"out of memory","type":"server_error"}})");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unavailable);
    EXPECT_THAT(error.what(), HasSubstr("out of memory"));
  }
}

TEST_F(AnswerReaderTest, LiesAreRefused) {
  for (const char* lie :
       {"", "nonsense", "5", "[]", "null", "{}", R"({"choices":5})", R"({"choices":[5]})", R"({"choices":[{"delta":5}]})",
        R"({"choices":[{"delta":{"content":5}}]})", R"({"choices":[{"delta":{},"finish_reason":5}]})",
        R"({"choices":[{"delta":{},"logprobs":5}]})", R"({"choices":[{"delta":{},"logprobs":{"content":5}}]})",
        R"({"choices":[{"delta":{},"logprobs":{"content":[5]}}]})",
        R"({"choices":[{"delta":{},"logprobs":{"content":[{"token":"a"}]}}]})",
        R"({"choices":[{"delta":{},"logprobs":{"content":[{"logprob":1}]}}]})",
        R"({"choices":[{"delta":{},"logprobs":{"content":[{"logprob":-1,"token":"a","bytes":[256]}]}}]})",
        R"({"choices":[{"delta":{},"logprobs":{"content":[{"logprob":-1,"token":"a","bytes":[-1]}]}}]})",
        R"({"choices":[{"delta":{},"logprobs":{"content":[{"logprob":-1,"token":"a","top_logprobs":[5]}]}}]})"}) {
    AnswerReader reader("server", withLogProbabilities_, onToken_);
    try {
      reader.readChunk(lie);
      ADD_FAILURE() << lie << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Unavailable) << lie;
      EXPECT_THAT(error.what(), HasSubstr("server")) << lie;
    }
  }
}

}  // namespace
}  // namespace orthoscribe::client
