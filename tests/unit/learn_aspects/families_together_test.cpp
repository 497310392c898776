// SPDX-License-Identifier: GPL-2.0-or-later
// Families of every kind write several answers in one pass as they write each by itself.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/engine/local_model.h"
#include "core/model/families/families.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

fs::path folderOf(const std::string& name) {
  if (name == "starter") return fs::path(ORTHOSCRIBE_SOURCE_DIR) / "resources" / "starter";
  return fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity" / "public" / name;
}

RgbImage picture() {
  RgbImage image(200, 160);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 7 % 251);
  return image;
}

class FamiliesTogether : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!fs::exists(folderOf(GetParam()) / "config.json")) GTEST_SKIP() << "no model in " << folderOf(GetParam());
  }
};

TEST_P(FamiliesTogether, AspectsAreAnsweredAsByThemselves) {
  const auto model = engine::loadLocalModel({.model = folderOf(GetParam()), .adapters = {}});
  const bool sees = GetParam().find("llama") == std::string::npos && !GetParam().starts_with("phi3");
  std::vector<RgbImage> images;
  if (sees) images.push_back(picture());
  GenerationOptions options;
  options.maxNewTokens = 12;
  options.aspects = true;
  const Reply reply = model->chat({{.role = Role::User, .text = "Describe this image.", .images = images}}, options, {}, {});
  ASSERT_TRUE(reply.aspects);
  EXPECT_EQ(reply.aspects->parts.size(), 3u);
  EXPECT_FALSE(reply.aspects->hasExperts());
  options.aspects = false;
  for (const AspectPart& part : reply.aspects->parts) {
    const Reply alone = model->chat({{.role = Role::User, .text = part.instruction, .images = images}}, options, {}, {});
    const std::size_t begin = alone.text.find_first_not_of(" \t\r\n\v\f");
    const std::size_t end = alone.text.find_last_not_of(" \t\r\n\v\f");
    EXPECT_EQ(part.text, begin == std::string::npos ? "" : alone.text.substr(begin, end - begin + 1)) << part.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, FamiliesTogether,
                         testing::Values("starter", "instructblip_tiny", "internvl_chat_tiny_qwen2", "internvl_chat_tiny_phi3",
                                         "qwen2_5_vl_tiny", "qwen3_vl_tiny", "llama_tiny", "phi3_swa_tiny"),
                         [](const auto& name) { return name.param; });

// With the list of objects and the copying of numbers.
TEST(StarterTogether, SequencesAreAsByThemselves) {
  if (!fs::exists(folderOf("starter") / "config.json")) GTEST_SKIP() << "no starter in " << folderOf("starter");
  const auto network = model::loadNetwork(folderOf("starter"));
  const at::Tensor image = network->encodeImage(model::seededRandom({1, 3, 256, 256}, 3).clamp(0, 1), nullptr);
  const auto words = [&](std::vector<std::int64_t> ids) { return network->embedTokens(at::tensor(ids, at::kLong)); };
  const std::vector<at::Tensor> prompts = {at::cat({words({5, 6}), image, words({40, 41, 42})}), words({9, 10, 11, 12}),
                                           at::cat({words({7}), image, words({50})})};
  std::vector<model::KvCache> caches(prompts.size(), network->makeCache());
  std::vector<model::KvCache> alone(prompts.size(), network->makeCache());
  for (const bool first : {true, false}) {
    std::vector<model::SequenceStep> steps;
    std::vector<at::Tensor> expected;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      const at::Tensor next = first ? prompts[i] : words({60 + static_cast<std::int64_t>(i)});
      steps.push_back({.embeddings = next, .cache = &caches[i]});
      expected.push_back(network->forward(next, alone[i], true));
    }
    const at::Tensor difference = network->forwardTogether(steps) - at::cat(expected);
    EXPECT_LT(difference.abs().max().item<double>(), 1e-4) << (first ? "prompts" : "next tokens");
  }
}

}  // namespace
}  // namespace orthoscribe::learn
