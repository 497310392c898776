// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/chat_body.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/image_codec.h"

namespace orthoscribe::client {
namespace {

using nlohmann::json;

TEST(ChatBody, DefaultsAreOpenAisFieldsOnly) {
  const json body = json::parse(chatBody("m", {{Role::System, "be brief", {}}, {Role::User, "hello", {}}}, {}));
  EXPECT_EQ(body, (json{{"model", "m"},
                        {"messages", {{{"role", "system"}, {"content", "be brief"}}, {{"role", "user"}, {"content", "hello"}}}},
                        {"max_tokens", 512},
                        {"temperature", 0.0},
                        {"top_p", 1.0},
                        {"stream", true},
                        {"stream_options", {{"include_usage", true}}}}));
}

TEST(ChatBody, OurExtensionIsSaidWhenItIsUsed) {
  GenerationOptions options;
  options.adapter = "ships";
  options.routing = true;
  options.aspects = true;
  const json body = json::parse(chatBody("m", {{Role::User, "x", {}}}, options));
  EXPECT_EQ(body["orthoscribe"], (json{{"adapter", "ships"}, {"routing", true}, {"aspects", true}}));
}

TEST(ChatBody, OptionsAreSaid) {
  const json body = json::parse(chatBody("m", {{Role::User, "x", {}}},
                                         {.maxNewTokens = 9,
                                          .temperature = 0.5,
                                          .topP = 0.9,
                                          .topK = 40,
                                          .minP = 0.05,
                                          .repetitionPenalty = 1.1,
                                          .seed = 3,
                                          .stop = {"END"},
                                          .logProbabilities = true,
                                          .topLogProbabilities = 4,
                                          .lengthPenalty = 0.5,
                                          .earlyStopping = EarlyStopping::Never,
                                          .noRepeatNgram = 3,
                                          .repetitionGuard = false}));
  EXPECT_EQ(body["max_tokens"], 9);
  EXPECT_EQ(body["top_k"], 40);
  EXPECT_EQ(body["repetition_penalty"], 1.1);
  EXPECT_EQ(body["min_p"], 0.05);
  EXPECT_EQ(body["seed"], 3);
  EXPECT_EQ(
      body["orthoscribe"],
      (json{{"length_penalty", 0.5}, {"early_stopping", "never"}, {"no_repeat_ngram_size", 3}, {"repetition_guard", false}}));
  EXPECT_EQ(body["stop"], json::array({"END"}));
  EXPECT_EQ(body["logprobs"], true);
  EXPECT_EQ(body["top_logprobs"], 4);
}

TEST(ChatBody, ASeedIsSaidOnlyWhereOneIsGivenForDrawing) {
  const auto bodyOf = [](const GenerationOptions& options) {
    return json::parse(chatBody("m", {{Role::User, "x", {}}}, options));
  };
  EXPECT_FALSE(bodyOf({.temperature = 0.5}).contains("seed"));
  EXPECT_FALSE(bodyOf({.seed = 3}).contains("seed"));
  EXPECT_EQ(bodyOf({.temperature = 0.5, .seed = 0})["seed"], 0);
  EXPECT_EQ(bodyOf({.beams = 5})["orthoscribe"], (json{{"num_beams", 5}}));
}

TEST(ChatBody, ImagesStandWhereTheTextSays) {
  const RgbImage first(2, 3);
  const RgbImage second(4, 5);
  const auto partsOf = [&](const std::string& text) {
    return json::parse(chatBody("m", {{Role::User, text, {first, second}}}, {}))["messages"][0]["content"];
  };
  const json image1 = {{"type", "image_url"}, {"image_url", {{"url", pngDataUrl(first)}}}};
  const json image2 = {{"type", "image_url"}, {"image_url", {{"url", pngDataUrl(second)}}}};
  const auto words = [](const char* text) { return json{{"type", "text"}, {"text", text}}; };
  EXPECT_EQ(partsOf("compare"), json::array({image1, image2, words("compare")}));
  EXPECT_EQ(partsOf("a <image> b <image>"), json::array({words("a "), image1, words(" b "), image2}));
  EXPECT_THROW(partsOf("only <image>"), Error);
}

TEST(ChatBody, TextThatIsNotUtf8IsRepaired) {
  const json body = json::parse(chatBody("m", {{Role::User, "a\xFF", {}}}, {}));
  EXPECT_EQ(body["messages"][0]["content"], "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace orthoscribe::client
