// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/image_codec.h"
#include "core/engine/http/chat_response.h"
#include "core/engine/http/field_error.h"

namespace orthoscribe::engine::http {
namespace {

using nlohmann::json;

json imagePart(int width, int height) {
  const json url = {{"url", pngDataUrl(RgbImage(width, height))}};
  return {{"type", "image_url"}, {"image_url", url}};
}

json textPart(const char* text) {
  return {{"type", "text"}, {"text", text}};
}

Message messageOf(const json& parts) {
  json body;
  body["messages"] = json::array();
  body["messages"].push_back({{"role", "user"}, {"content", parts}});
  return parseChatRequest(body.dump(), {}).messages.at(0);
}

TEST(ChatRequest, OurExtensionIsRead) {
  const std::string messages = R"({"messages":[{"role":"user","content":"x"}])";
  const ChatRequest plain = parseChatRequest(messages + "}", {});
  EXPECT_EQ(plain.options.adapter, "");
  EXPECT_FALSE(plain.options.routing);
  const ChatRequest own =
      parseChatRequest(messages + R"(,"orthoscribe":{"adapter":"ships","routing":true,"aspects":true,"later":1}})", {});
  EXPECT_EQ(own.options.adapter, "ships");
  EXPECT_TRUE(own.options.routing);
  EXPECT_TRUE(own.options.aspects);
  EXPECT_FALSE(plain.options.aspects);
  EXPECT_EQ(parseChatRequest(messages + R"(,"orthoscribe":{"adapter":null}})", {}).options.adapter, "");
  for (const char* wrong : {R"("ships")", R"({"adapter":1})", R"({"routing":"yes"})", R"({"aspects":1})"})
    EXPECT_THROW(parseChatRequest(messages + R"(,"orthoscribe":)" + wrong + "}", {}), FieldError) << wrong;
}

TEST(ChatRequest, OptionsAreReadAndDefaultsStand) {
  const ChatRequest plain = parseChatRequest(R"({"messages":[{"role":"user","content":"x"}]})", {});
  EXPECT_EQ(plain.model, "");
  EXPECT_FALSE(plain.stream);
  EXPECT_EQ(plain.options.maxNewTokens, GenerationOptions().maxNewTokens);
  EXPECT_DOUBLE_EQ(plain.options.temperature, 0.0);
  EXPECT_FALSE(plain.options.logProbabilities);

  const ChatRequest full = parseChatRequest(
      R"({"model":"m","messages":[{"role":"developer","content":"s"},{"role":"assistant","content":"a"},{"role":"user","content":"x"}],
          "stream":true,"stream_options":{"include_usage":true},"max_tokens":5,"max_completion_tokens":7,"temperature":0.5,"top_p":0.9,
          "top_k":40,"repetition_penalty":1.5,"seed":11,"stop":["a","b"],"logprobs":true,"top_logprobs":3})",
      {});
  EXPECT_EQ(full.model, "m");
  EXPECT_TRUE(full.stream);
  EXPECT_TRUE(full.includeUsage);
  EXPECT_EQ(full.options.maxNewTokens, 7);
  EXPECT_DOUBLE_EQ(full.options.temperature, 0.5);
  EXPECT_DOUBLE_EQ(full.options.topP, 0.9);
  EXPECT_EQ(full.options.topK, 40);
  EXPECT_EQ(full.options.repetitionPenalty, 1.5);
  EXPECT_EQ(full.options.seed, 11u);
  EXPECT_EQ(full.options.stop, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(full.options.logProbabilities);
  EXPECT_EQ(full.options.topLogProbabilities, 3);
  ASSERT_EQ(full.messages.size(), 3u);
  EXPECT_EQ(full.messages[0].role, Role::System);
  EXPECT_EQ(full.messages[1].role, Role::Assistant);
  EXPECT_EQ(parseChatRequest(R"({"messages":[{"role":"user","content":"x"}],"stop":"END"})", {}).options.stop,
            std::vector<std::string>{"END"});
}

TEST(ChatRequest, WhatIsNotSaidIsLeftToTheModel) {
  const GenerationOptions plain = parseChatRequest(R"({"messages":[{"role":"user","content":"x"}]})", {}).options;
  EXPECT_FALSE(plain.beams || plain.lengthPenalty || plain.earlyStopping || plain.repetitionPenalty || plain.noRepeatNgram);
  EXPECT_FALSE(plain.seed);
  EXPECT_TRUE(plain.repetitionGuard);
}

TEST(ChatRequest, BeamsAndTheGuardStandUnderOurOwnKey) {
  const GenerationOptions options = parseChatRequest(R"({"messages":[{"role":"user","content":"x"}],"min_p":0.1,"orthoscribe":
      {"num_beams":5,"length_penalty":-1,"early_stopping":"never","no_repeat_ngram_size":3,"repetition_guard":false,"later":1}})",
                                                     {})
                                        .options;
  EXPECT_DOUBLE_EQ(options.minP, 0.1);
  EXPECT_EQ(options.beams, 5);
  EXPECT_EQ(options.lengthPenalty, -1.0);
  EXPECT_EQ(options.earlyStopping, EarlyStopping::Never);
  EXPECT_EQ(options.noRepeatNgram, 3);
  EXPECT_FALSE(options.repetitionGuard);
}

TEST(ChatRequest, OptionsOutOfRangeAreRefusedByFieldAndRange) {
  const auto refusal = [](const std::string& fields) -> std::string {
    try {
      parseChatRequest(R"({"messages":[{"role":"user","content":"x"}],)" + fields + "}", {});
      return "accepted";
    } catch (const FieldError& error) {
      return error.field() + ": " + error.message();
    }
  };
  EXPECT_EQ(refusal(R"("temperature":2.5)"), "temperature: temperature is 2.5, but must lie between 0 and 2");
  EXPECT_EQ(refusal(R"("top_p":0)"), "top_p: top_p is 0, but must be above 0");
  EXPECT_EQ(refusal(R"("min_p":2)"), "min_p: min_p is 2, but must lie between 0 and 1");
  EXPECT_EQ(refusal(R"("top_k":-2)"), "top_k: top_k is -2, but must lie between -1 and 2147483647");
  EXPECT_EQ(refusal(R"("max_tokens":0)"), "max_tokens: max_tokens is 0, but must lie between 1 and 2147483647");
  EXPECT_EQ(refusal(R"("orthoscribe":{"num_beams":0})"),
            "orthoscribe.num_beams: orthoscribe.num_beams is 0, but must lie between 1 and 16");
  EXPECT_EQ(refusal(R"("orthoscribe":{"length_penalty":99})"),
            "orthoscribe.length_penalty: orthoscribe.length_penalty is 99, but must lie between -10 and 10");
  EXPECT_EQ(refusal(R"("orthoscribe":{"early_stopping":"soon"})"),
            "orthoscribe.early_stopping: orthoscribe.early_stopping must be true, false or \"never\"");
  EXPECT_EQ(refusal(R"("temperature":0.5,"orthoscribe":{"num_beams":2})"),
            "orthoscribe.num_beams: orthoscribe.num_beams is 2, which needs temperature 0");
  EXPECT_EQ(refusal(R"("temperature":0.5,"orthoscribe":{"num_beams":1})"), "accepted");
  EXPECT_EQ(refusal(R"("orthoscribe":7)"), "orthoscribe: orthoscribe must be an object, not number");
}

TEST(ChatResponse, AnAnswerThatRepeatedItselfIsNotComplete) {
  Reply reply{.text = "car, car, ", .tokens = {}, .usage = {}, .stopReason = StopReason::Repetition, .repeated = "car, "};
  const AnswerHeader header = newAnswer("m", false, false);
  for (const json& answer : {json::parse(wholeAnswer(header, reply)), json::parse(finishChunk(header, reply))}) {
    EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
    EXPECT_EQ(answer["orthoscribe"], (json{{"stop_reason", "repetition"}, {"repeated", "car, "}}));
  }
  reply.stopReason = StopReason::EndOfAnswer;
  EXPECT_FALSE(json::parse(finishChunk(header, reply)).contains("orthoscribe"));
}

TEST(ChatRequest, ImagesBeforeTheTextAreLeftForTheModelToPlace) {
  const Message message = messageOf(json::array({imagePart(2, 3), imagePart(4, 5), textPart("compare")}));
  EXPECT_EQ(message.text, "compare");
  ASSERT_EQ(message.images.size(), 2u);
  EXPECT_EQ(message.images[1].width, 4);
  EXPECT_EQ(messageOf(json::array({imagePart(2, 3)})).text, "");
}

TEST(ChatRequest, PlacesAmongTheTextAreMarked) {
  EXPECT_EQ(messageOf(json::array({textPart("a "), imagePart(1, 1), textPart(" b")})).text, "a <image> b");
  EXPECT_EQ(messageOf(json::array({textPart("last: "), imagePart(1, 1)})).text, "last: <image>");
  EXPECT_EQ(messageOf(json::array({imagePart(1, 1), textPart("\nown line break")})).text, "<image>\nown line break");
}

TEST(ChatRequest, TextPartsAreJoinedWithLineBreaks) {
  EXPECT_EQ(messageOf(json::array({textPart("a"), textPart("b")})).text, "a\nb");
}

TEST(ChatRequest, FieldErrorsNameTheField) {
  try {
    parseChatRequest(R"({"messages":[{"role":"user","content":"x"},{"role":"user","content":[{"type":"text","text":5}]}]})", {});
    FAIL();
  } catch (const FieldError& error) {
    EXPECT_EQ(error.field(), "messages[1].content[0].text");
    EXPECT_EQ(error.message(), "messages[1].content[0].text must be a string, not number");
  }
}

}  // namespace
}  // namespace orthoscribe::engine::http
