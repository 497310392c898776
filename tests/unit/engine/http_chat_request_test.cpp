// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/image_codec.h"
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
  const ChatRequest own = parseChatRequest(messages + R"(,"orthoscribe":{"adapter":"ships","routing":true,"later":1}})", {});
  EXPECT_EQ(own.options.adapter, "ships");
  EXPECT_TRUE(own.options.routing);
  EXPECT_EQ(parseChatRequest(messages + R"(,"orthoscribe":{"adapter":null}})", {}).options.adapter, "");
  for (const char* wrong : {R"("ships")", R"({"adapter":1})", R"({"routing":"yes"})"})
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
  EXPECT_DOUBLE_EQ(full.options.repetitionPenalty, 1.5);
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
