// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/chat_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json_text.h"

namespace orthoscribe::text {
namespace {

namespace fs = std::filesystem;

fs::path vectorsFolder() {
  return fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/tokenizer_vectors/chat_templates";
}

class FamilyTemplate : public testing::TestWithParam<std::string> {};

TEST_P(FamilyTemplate, RendersAsTheReference) {
  const fs::path file = vectorsFolder() / (GetParam() + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no fixture " << file;
  const auto chatTemplate = chatTemplateNamed(GetParam());
  const nlohmann::json vectors = readJsonFile(file);
  for (const auto& row : vectors.at("rows")) {
    std::vector<Turn> turns;
    std::size_t images = 0;
    for (const auto& message : row.at("messages")) {
      turns.push_back({message.at("role"), ""});
      if (message.at("content").is_string()) {
        turns.back().text = message.at("content");
        continue;
      }
      for (const auto& part : message.at("content")) {
        if (part.at("type") == "image") {
          turns.back().text += chatTemplate->imageMark(++images, row.value("add_vision_id", false));
        } else {
          turns.back().text += part.at("text").get<std::string>();
        }
      }
    }
    EXPECT_EQ(chatTemplate->render(turns, row.at("add_generation_prompt")), row.at("rendered").get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(Parity, FamilyTemplate,
                         testing::Values("qwen2", "phi3", "llama2", "llama3", "qwen2_5_vl", "qwen3_vl", "internvl_hf"),
                         [](const auto& fixture) { return fixture.param; });

TEST(LlamaTemplates, StripTextsAsPythonDoes) {
  const auto chatTemplate = chatTemplateNamed("llama3");
  const auto rendered = [&](const std::string& text) { return chatTemplate->render({{"user", text}}, true); };
  EXPECT_EQ(rendered("\x1c\t \x1f Hi\x1d there \u2003\x1e\n"), rendered("Hi\x1d there"));
  EXPECT_EQ(rendered(" \x1f "), rendered(""));
}

TEST(QwenVlTemplates, NumberPicturesWhenAsked) {
  const std::string one = "<|vision_start|><|image_pad|><|vision_end|>";
  const auto chatTemplate = chatTemplateNamed("qwen3_vl");
  EXPECT_EQ(chatTemplate->imageMark(3, true), "Picture 3: " + one);
  EXPECT_EQ(chatTemplate->imageMark(3, false), one);
  EXPECT_EQ(chatTemplateNamed("qwen2_5_vl")->render({{"user", one + "Hi"}}, false),
            "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n" + one + "Hi<|im_end|>\n");
}

TEST(InternVlTemplates, RenderAsTheReference) {
  const fs::path file = vectorsFolder() / "internvl_text.json";
  if (!fs::exists(file)) GTEST_SKIP() << "no fixture " << file;
  const nlohmann::json vectors = readJsonFile(file);
  for (const auto& row : vectors.at("rows")) {
    const auto name = row.at("template").get<std::string>();
    SCOPED_TRACE(name);
    std::vector<Turn> turns;
    if (!row.at("system").is_null()) turns.push_back({"system", row.at("system")});
    for (const auto& turn : row.at("turns")) {
      turns.push_back({"user", turn.at("question")});
      if (!turn.at("answer").is_null()) turns.push_back({"assistant", turn.at("answer")});
    }
    EXPECT_EQ(chatTemplateNamed(name)->render(turns, true), row.at("rendered").get<std::string>());
    if (row.at("system").is_null()) continue;
    // A system text from the model's config stands in for the missing turn.
    turns.erase(turns.begin());
    EXPECT_EQ(chatTemplateNamed(name, row.at("system").get<std::string>())->render(turns, true),
              row.at("rendered").get<std::string>());
  }
}

TEST(StarterTemplate, IsShort) {
  const auto chatTemplate = chatTemplateNamed("starter");
  EXPECT_EQ(chatTemplate->render({{"user", "<image>What is it?"}}, true), "<|user|><image>What is it?<|end|><|assistant|>");
  EXPECT_EQ(chatTemplate->render({{"system", "Be brief."}, {"user", "Hi"}, {"assistant", "Ho"}}, false),
            "<|system|>Be brief.<|end|><|user|>Hi<|end|><|assistant|>Ho<|end|>");
  EXPECT_THAT(chatTemplate->stopTexts(), testing::ElementsAre("<|end|>"));
}

TEST(InstructBlipTemplate, IsTheQuestionAlone) {
  const auto chatTemplate = chatTemplateNamed("instructblip");
  EXPECT_EQ(chatTemplate->render({{"user", "How many ships? "}}, true), "How many ships? ");
  EXPECT_THROW(chatTemplate->render({{"system", "Be brief."}, {"user", "Hi"}}, true), Error);
  EXPECT_THROW(chatTemplate->render({}, true), Error);
}

TEST(ImageMarks, AreNumberedWhereTheFamilyDoesAndItIsAskedFor) {
  EXPECT_EQ(chatTemplateNamed("qwen3_vl")->imageMark(2, true), "Picture 2: <|vision_start|><|image_pad|><|vision_end|>");
  EXPECT_EQ(chatTemplateNamed("qwen3_vl")->imageMark(2, false), "<|vision_start|><|image_pad|><|vision_end|>");
  EXPECT_EQ(chatTemplateNamed("internvl_hf")->imageMark(2, true), "<IMG_CONTEXT>\n");
  EXPECT_EQ(chatTemplateNamed("phi3-chat")->imageMark(1, true), "<image>");
}

TEST(ChatTemplates, RefuseWhatTheyDoNotKnow) {
  EXPECT_THROW(chatTemplateNamed("starter")->render({{"tool", "x"}}, true), Error);
  EXPECT_THROW(chatTemplateNamed("phi3-chat")->render({{"user", "x"}, {"system", "y"}}, true), Error);
  EXPECT_THROW(chatTemplateNamed("llama2")->render({{"user", "x"}, {"user", "y"}}, true), Error);
  try {
    chatTemplateNamed("vicuna_v9");
    ADD_FAILURE() << "an unknown name was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
    EXPECT_THAT(error.message(), testing::HasSubstr("vicuna_v9"));
    EXPECT_THAT(error.hint(), testing::AllOf(testing::HasSubstr("phi3-chat"), testing::HasSubstr("llama2")));
  }
}

TEST(ChatTemplates, WriteAnEmptyInternVlTurnAsItsRoleAlone) {
  EXPECT_EQ(chatTemplateNamed("phi3-chat", "S")->render({{"user", ""}}, false), "<|system|>\nS<|end|><|user|>\n");
}

}  // namespace
}  // namespace orthoscribe::text
