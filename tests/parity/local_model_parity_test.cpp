// SPDX-License-Identifier: GPL-2.0-or-later
// The engine in process gives the answers of the reference implementation.
#include "core/engine/local_model.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/engine/model_card.h"
#include "core/engine/verify/case_messages.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Case {
  std::vector<Message> messages;
  std::string answer;
  std::int64_t promptTokens = 0;
};

class LocalModelParity : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public" / GetParam();
    if (!fs::exists(folder_)) GTEST_SKIP() << "no fixtures in " << folder_;
    tokenizer_ = text::loadTokenizer(folder_);
    model_ = loadLocalModel({.model = folder_, .adapters = {}, .device = "cpu"});
  }

  // The greedy ids up to the first that ends an answer.
  Case load(const fs::path& folder) const {
    const nlohmann::json expected = nlohmann::json::parse(readTextFile(folder / "expected.json"));
    std::vector<RgbImage> images;
    for (const nlohmann::json& image : expected.at("images")) images.push_back(readImageFile(folder / image.at("file")));
    std::vector<text::TokenId> ids = expected.at("greedy_ids");
    const std::vector<text::TokenId> ends = readModelCard(folder_).endTokens;
    ids.erase(std::find_first_of(ids.begin(), ids.end(), ends.begin(), ends.end()), ids.end());
    std::string text = tokenizer_->decode(ids, true);
    text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return {.messages = verify::caseMessages(folder / "messages.json", std::move(images)),
            .answer = text,
            .promptTokens = static_cast<std::int64_t>(expected.at("input_ids").size())};
  }

  // Whatever the family's own habits are.
  static GenerationOptions greedy() {
    GenerationOptions options{.maxNewTokens = 24};
    options.beams = 1;
    options.repetitionPenalty = 1.0;
    options.repetitionGuard = false;
    return options;
  }

  std::vector<fs::path> cases() const {
    std::vector<fs::path> list;
    for (const auto& entry : fs::directory_iterator(folder_))
      if (fs::exists(entry.path() / "messages.json")) list.push_back(entry.path());
    std::sort(list.begin(), list.end());
    return list;
  }

  fs::path folder_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<VisionLanguageModel> model_;
};

class AnswerParity : public LocalModelParity {};

TEST_P(AnswerParity, IsThatOfTheReferenceInAnyOrderOfConversations) {
  // Twice, so that every conversation meets the cache of another one and, the second time, its own images.
  for (int round = 0; round < 2; ++round) {
    for (const fs::path& folder : cases()) {
      const Case one = load(folder);
      std::string streamed;
      const Reply reply = model_->chat(one.messages, greedy(), [&](const GeneratedToken& token) { streamed += token.text; }, {});
      EXPECT_EQ(reply.text, one.answer) << folder;
      EXPECT_EQ(streamed, reply.text) << folder;
      EXPECT_EQ(reply.usage.promptTokens, one.promptTokens) << folder;
    }
  }
}

// What a Qwen-VL sees of a picture is known before it is asked.
TEST(LocalModel, TellsHowPicturesAreResized) {
  const fs::path folder = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/qwen3_vl_tiny";
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixtures in " << folder;
  const ModelInfo info = loadLocalModel({.model = folder, .adapters = {}, .device = "cpu"})->info();
  EXPECT_EQ(info.dialect, "qwen3_vl");
  EXPECT_EQ(info.resize, (ResizeLimits{.factor = 32, .minPixels = 2048, .maxPixels = 10240}));
  EXPECT_EQ(info.imageSidePx, 96);
}

TEST_P(LocalModelParity, TellsWhatItIs) {
  const ModelInfo info = model_->info();
  EXPECT_EQ(info.family, readModelCard(folder_).family);
  EXPECT_EQ(info.name, GetParam());
  EXPECT_EQ(info.precision, "float32");
  EXPECT_EQ(info.device, "cpu");
  EXPECT_EQ(info.imageSidePx, 56);
  EXPECT_EQ(info.contentHash.size(), 64u);
}

TEST_P(LocalModelParity, ACancelledQuestionIsNoError) {
  CancelSource source;
  source.cancel();
  const Reply reply = model_->chat(load(cases().front()).messages, {}, {}, source.token());
  EXPECT_EQ(reply.stopReason, StopReason::Cancelled);
  EXPECT_EQ(reply.text, "");
}

TEST_P(LocalModelParity, BadInputIsRefusedAndTheModelGoesOn) {
  EXPECT_THROW(model_->chat({}, {}, {}, {}), Error);
  EXPECT_THROW(model_->chat({{.role = Role::User, .text = "?", .images = {RgbImage()}}}, {}, {}, {}), Error);
  std::string endless;
  for (int i = 0; i < 40000; ++i) endless += "x ";
  EXPECT_THROW(model_->chat({{.role = Role::User, .text = endless, .images = {}}}, {}, {}, {}), Error);
  const Case one = load(cases().front());
  EXPECT_EQ(model_->chat(one.messages, greedy(), {}, {}).text, one.answer);
}

// Not InstructBLIP: a stream cannot know that a later byte piece breaks a run, which decoding the whole replaces byte by byte;
// verify compares its ids.
INSTANTIATE_TEST_SUITE_P(Fixtures, AnswerParity,
                         testing::Values("internvl_chat_tiny_qwen2", "internvl_hf_tiny", "qwen2_5_vl_tiny", "qwen3_vl_tiny"),
                         [](const testing::TestParamInfo<std::string>& test) { return test.param; });

// Those with 56 pixels a side and room for a few thousand tokens.
INSTANTIATE_TEST_SUITE_P(Fixtures, LocalModelParity, testing::Values("internvl_chat_tiny_qwen2", "internvl_hf_tiny"),
                         [](const testing::TestParamInfo<std::string>& test) { return test.param; });

TEST(LocalModel, SaysWhatIsWrongWithAFolder) {
  const TemporaryDirectory folder;
  const auto errorOf = [&](const LoadOptions& options) -> std::string {
    try {
      loadLocalModel(options);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(errorOf({.model = folder.path(), .adapters = {}}), HasSubstr("config.json is missing"));
  writeTextFile(folder.path() / "config.json", R"({"model_type": "perceiver"})");
  EXPECT_THAT(errorOf({.model = folder.path(), .adapters = {}}), HasSubstr("perceiver"));
  writeTextFile(folder.path() / "model.safetensors", "not tensors at all");
  EXPECT_THAT(errorOf({.model = folder.path(), .adapters = {}}), HasSubstr("model.safetensors"));
}

}  // namespace
}  // namespace orthoscribe::engine
