// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/chat_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/text/json_fields.h"

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
  const nlohmann::json vectors = readJsonFile(file);
  for (const auto& row : vectors.at("rows")) {
    std::vector<Turn> turns;
    for (const auto& message : row.at("messages")) {
      turns.push_back({message.at("role"), ""});
      if (message.at("content").is_string()) {
        turns.back().text = message.at("content");
        continue;
      }
      for (const auto& part : message.at("content")) {
        turns.back().text += part.at("type") == "image" ? "<image>" : part.at("text").get<std::string>();
      }
    }
    const auto chatTemplate = chatTemplateNamed(GetParam() + (row.value("add_vision_id", false) ? "_numbered" : ""));
    EXPECT_EQ(chatTemplate->render(turns, row.at("add_generation_prompt")), row.at("rendered").get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(Parity, FamilyTemplate,
                         testing::Values("qwen2", "phi3", "llama2", "llama3", "qwen2_5_vl", "qwen3_vl", "internvl_hf"),
                         [](const auto& fixture) { return fixture.param; });

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
