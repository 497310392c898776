// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/model_card.h"

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/engine/content_hash.h"

namespace orthoscribe::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ModelCardTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) { writeTextFile(folder_.path() / name, text); }
  ModelCard card() { return readModelCard(folder_.path()); }
  std::string errorOf() {
    try {
      card();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  TemporaryDirectory folder_;
};

TEST_F(ModelCardTest, ConcludesFromTheConfiguration) {
  write("config.json",
        R"({"model_type": "internvl_chat", "template": "phi3-chat", "force_image_size": 336, "system_message": "Be brief."})");
  write("generation_config.json", R"({"eos_token_id": [2, 32007, 2]})");
  const ModelCard plain = card();
  EXPECT_EQ(plain.name, folder_.path().filename());
  EXPECT_EQ(plain.dialect, "internvl");
  EXPECT_EQ(plain.templateName, "phi3-chat");
  EXPECT_TRUE(plain.addSpecial);
  EXPECT_EQ(plain.systemMessage, "Be brief.");
  EXPECT_THAT(plain.endTokens, ElementsAre(2, 32007));
  EXPECT_EQ(plain.imageSidePx, 336);
  EXPECT_EQ(plain.groundResolutionM, 0.0);
  write("added_tokens.json", R"({"[refer]": 32030})");
  EXPECT_EQ(card().dialect, "skynova");
  EXPECT_EQ(card().groundResolutionM, 0.5);
}

TEST_F(ModelCardTest, FindsTaskTokensInTheTokenizersConfigurationToo) {
  write("config.json", R"({"model_type": "internvl_chat", "template": "phi3-chat"})");
  write("tokenizer_config.json", R"({"added_tokens_decoder": {"7": {"content": "[grounding]"}}})");
  EXPECT_EQ(card().dialect, "skynova");
}

TEST_F(ModelCardTest, LlamasGenerationsAreToldApartByTheirTokens) {
  write("config.json", R"({"model_type": "llama"})");
  EXPECT_EQ(card().templateName, "llama2");
  write("tokenizer_config.json", R"({"added_tokens_decoder": {"7": {"content": "<|start_header_id|>"}}})");
  EXPECT_EQ(card().templateName, "llama3");
}

TEST_F(ModelCardTest, FamiliesSayWhereTheirImagesStand) {
  write("config.json", R"({"model_type": "internvl", "vision_config": {"image_size": [224, 224]}})");
  EXPECT_EQ(card().templateName, "internvl_hf");
  EXPECT_EQ(card().imageTokens.mark, "<IMG_CONTEXT>");
  EXPECT_EQ(card().imageTokens.begin, "<img>");
  EXPECT_EQ(card().imageSidePx, 224);
  EXPECT_FALSE(card().addSpecial);
  write("config.json", R"({"model_type": "instructblip", "vision_config": {"image_size": 224}})");
  EXPECT_EQ(card().templateName, "instructblip");
  EXPECT_TRUE(card().imageTokens.beforeText);
  EXPECT_EQ(card().imageTokens.row, "<image>");
  EXPECT_TRUE(card().addSpecial);
}

TEST_F(ModelCardTest, KnowsHowAModelIsUsed) {
  write("config.json", R"({"model_type": "qwen2"})");
  EXPECT_EQ(card().generation.beams, 1);
  EXPECT_EQ(card().generation.repetitionPenalty, 1.0);
  write("generation_config.json", R"({"num_beams": 3, "length_penalty": -1, "early_stopping": "never", "repetition_penalty": 1.05,
                                      "no_repeat_ngram_size": 4, "do_sample": true, "temperature": 0.7})");
  const GenerationDefaults said = card().generation;
  EXPECT_EQ(said.beams, 3);
  EXPECT_EQ(said.lengthPenalty, -1.0);
  EXPECT_EQ(said.earlyStopping, EarlyStopping::Never);
  EXPECT_EQ(said.repetitionPenalty, 1.05);
  EXPECT_EQ(said.noRepeatNgram, 4);
  write("generation_config.json", R"({"early_stopping": true})");
  EXPECT_EQ(card().generation.earlyStopping, EarlyStopping::Yes);
  write("generation_config.json", R"({"num_beams": 99})");
  EXPECT_THAT(errorOf(), testing::AllOf(HasSubstr("generation_config.json: num_beams"), HasSubstr("1 to 16")));
  write("generation_config.json", R"({"early_stopping": "soon"})");
  EXPECT_THAT(errorOf(), HasSubstr("early_stopping"));
}

TEST_F(ModelCardTest, InstructBlipIsUsedWithFiveBeams) {
  write("config.json", R"({"model_type": "instructblip"})");
  write("generation_config.json", R"({"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 450})");
  EXPECT_EQ(card().generation.beams, 5);
  EXPECT_EQ(card().generation.repetitionPenalty, 1.5);
  write("generation_config.json", R"({"num_beams": 1, "repetition_penalty": 1.0})");
  EXPECT_EQ(card().generation.beams, 1);
  EXPECT_EQ(card().generation.repetitionPenalty, 1.0);
}

TEST_F(ModelCardTest, TextModelsUseTheTemplateOfTheirFamily) {
  write("config.json", R"({"model_type": "qwen2", "eos_token_id": 5})");
  EXPECT_EQ(card().templateName, "qwen2");
  EXPECT_FALSE(card().addSpecial);
  EXPECT_EQ(card().dialect, "");
  EXPECT_THAT(card().endTokens, ElementsAre(5));
}

TEST_F(ModelCardTest, QwenVlSaysHowItResizesPictures) {
  write("config.json", R"({"model_type": "qwen2_5_vl"})");
  EXPECT_THAT(errorOf(), HasSubstr("preprocessor_config.json"));
  write("preprocessor_config.json", R"({"min_pixels": 3136, "max_pixels": 12845056})");
  const ModelCard plain = card();
  EXPECT_EQ(plain.dialect, "qwen2_5_vl");
  EXPECT_EQ(plain.templateName, "qwen2_5_vl");
  EXPECT_FALSE(plain.addSpecial);
  EXPECT_EQ(plain.imageTokens.mark, "<|image_pad|>");
  EXPECT_EQ(plain.resize, (ResizeLimits{.factor = 28, .minPixels = 3136, .maxPixels = 12845056}));
  EXPECT_EQ(plain.imageSidePx, 1008);
  write("orthoscribe.json", R"({"maxPixels": 400000})");
  EXPECT_EQ(card().resize->maxPixels, 400000);
  EXPECT_EQ(card().imageSidePx, 616);  // 22 tokens of 28; 23 would be above the limit
}

TEST_F(ModelCardTest, AQwen25VlMaySpeakAsRscovlm) {
  write("preprocessor_config.json", R"({"min_pixels": 50176, "max_pixels": 1016064})");
  write("config.json", R"({"model_type": "qwen2_5_vl", "_name_or_path": "Qingyun/RSCoVLM-7B-2512"})");
  EXPECT_EQ(card().dialect, "rscovlm_polygon");
  EXPECT_EQ(card().imageSidePx, 504);
  write("config.json", R"({"model_type": "qwen2_5_vl"})");
  EXPECT_EQ(card().dialect, "qwen2_5_vl");
  write("orthoscribe.json", R"({"name": "rscovlm-det"})");
  EXPECT_EQ(card().dialect, "rscovlm_polygon");
  write("orthoscribe.json", R"({"dialect": "rscovlm_polygon"})");
  EXPECT_EQ(card().dialect, "rscovlm_polygon");
  write("orthoscribe.json", R"({"name": "rscovlm-det", "dialect": "qwen2_5_vl"})");
  EXPECT_EQ(card().dialect, "qwen2_5_vl");
}

TEST_F(ModelCardTest, ItsOwnCardWins) {
  write("config.json", R"({"model_type": "internvl_chat", "template": "phi3-chat"})");
  write("orthoscribe.json", R"({"name": "Mine", "dialect": "geochat", "template": "starter", "system": "s", "imageSidePx": 256,
                                "groundResolutionM": 0.3, "classes": ["ship", "car"], "shownTokens": ["<p>"]})");
  const ModelCard own = card();
  EXPECT_EQ(own.name, "Mine");
  EXPECT_EQ(own.dialect, "geochat");
  EXPECT_EQ(own.templateName, "starter");
  EXPECT_EQ(own.systemMessage, "s");
  EXPECT_EQ(own.imageSidePx, 256);
  EXPECT_EQ(own.groundResolutionM, 0.3);
  EXPECT_THAT(own.classes, ElementsAre("ship", "car"));
  EXPECT_THAT(own.shownSpecial, ElementsAre("<p>"));
}

TEST_F(ModelCardTest, NamesFileAndFieldOfWhatIsWrong) {
  EXPECT_THAT(errorOf(), HasSubstr("config.json"));
  write("config.json", R"({"model_type": "qwen2"})");
  write("orthoscribe.json", R"({"imageSidePx": -3})");
  EXPECT_THAT(errorOf(), HasSubstr("orthoscribe.json: imageSidePx"));
  write("orthoscribe.json", R"({"classes": "ship"})");
  EXPECT_THAT(errorOf(), HasSubstr("orthoscribe.json: classes"));
  write("orthoscribe.json", R"([1])");
  EXPECT_THAT(errorOf(), HasSubstr("orthoscribe.json: an object was expected"));
  write("orthoscribe.json", "{}");
  write("generation_config.json", R"({"eos_token_id": "x"})");
  EXPECT_THAT(errorOf(), HasSubstr("generation_config.json: eos_token_id"));
}

TEST_F(ModelCardTest, TheHashFollowsTheFilesThatDecideAnswers) {
  write("config.json", "{}");
  write("model.safetensors", "weights");
  const std::string first = contentHash(folder_.path());
  EXPECT_EQ(first.size(), 64u);
  write("README.md", "words");
  EXPECT_EQ(contentHash(folder_.path()), first);
  write("model.safetensors", "Weights");
  const std::string second = contentHash(folder_.path());
  EXPECT_NE(second, first);
  TemporaryDirectory adapter;
  writeTextFile(adapter.path() / "adapter_model.safetensors", "more");
  EXPECT_NE(contentHash(folder_.path(), {adapter.path()}), second);
}

}  // namespace
}  // namespace orthoscribe::engine
