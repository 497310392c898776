// SPDX-License-Identifier: GPL-2.0-or-later
// Experts for aspects on models that see: the first stage trains what looks (RS-MoE's Q-Former), a relevance head learns which
// aspects concern a picture, and families whose pictures stand in the plane or add to several layers are taught what they see.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/image_codec.h"
#include "core/engine/local_model.h"
#include "core/learn/aspects/aspect_trainee.h"
#include "core/learn/train/configured_training.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/learn_train/tiny_family.h"
#include "tests/unit/learn_train/tiny_qwen3_vl.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = R"(model: blip
output: out
seed: 3
threads: 1
device: cpu
adapter: {kind: aspects, rank: 4}
data: {captions: captions.jsonl}
stages:
  - {name: dense, kind: tasks, data: captions, trains: [dense, query_tokens, qformer, language_projection], learning_rate: 1.0e-2,
     batch: 4, steps: 4, save_every: 3}
  - {name: experts, kind: tasks, data: captions, trains: [theme, objects, relationships, router, fusion, relevance],
     losses: {cross_entropy: 1, relevance: 0.5}, learning_rate: 2.0e-2, learning_rates: {relevance: 1.0e-1}, clip_norm: 10,
     batch: 8, steps: 80, save_every: 80}
)";

class AspectPictures : public testing::Test {
 protected:
  AspectPictures() {
    writeTinyInstructBlip(folder_.path() / "blip");
    std::ofstream out(folder_.path() / "captions.jsonl");
    std::int64_t number = 0;
    // Of bright pictures one is told where things lie, of dark ones not.
    for (const bool bright : {true, false}) {
      const std::vector<std::byte> png = encodePng(picture(bright));
      const std::string name = bright ? "bright.png" : "dark.png";
      writeTextFile(folder_.path() / name, {reinterpret_cast<const char*>(png.data()), png.size()});
      const char* caption = bright ? "A port. Five ships lie along the pier." : "A lake. There is water.";
      Record record;
      record.id = name;
      for (const Conversation& made : aspectConversations(record, caption, name, number)) writeConversation(out, made);
      number += 4;  // the same way of asking
    }
  }
  static RgbImage picture(bool bright) {
    RgbImage image(16, 16);
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
      image.pixels[i] = static_cast<std::uint8_t>((bright ? 200 : 5) + static_cast<int>(i % 40));
    return image;
  }
  TrainConfig config(const std::vector<std::string>& overrides = {}) const {
    writeTextFile(folder_.path() / "run.yaml", kConfig);
    return readTrainConfig(folder_.path() / "run.yaml", overrides);
  }

  TemporaryDirectory folder_;
};

TEST_F(AspectPictures, TheFirstStageTrainsWhatLooksAndTheSecondWhoIsAsked) {
  const TrainConfig run = config();
  ASSERT_TRUE(trainConfigured(run, false, {}, {}));
  const engine::AspectSet set = engine::readAspectSet(run.output);
  ASSERT_FALSE(set.visual.empty());
  ASSERT_FALSE(set.relevance.empty());
  const model::SafetensorsFile before(folder_.path() / "blip" / "model.safetensors"), after(set.visual),
      first(stageFiles(run.output, 1, "dense").checkpoint);
  EXPECT_TRUE(after.has("query_tokens"));
  std::size_t learnt = 0;
  for (const auto& [name, entry] : after.entries()) {
    EXPECT_TRUE(name.starts_with("qformer.") || name == "query_tokens" || name.starts_with("language_projection.")) << name;
    learnt += at::equal(before.tensor(name), after.tensor(name)) ? 0 : 1;
    EXPECT_TRUE(at::equal(first.tensor("weight/" + name), after.tensor(name))) << name << " learnt in the second stage";
  }
  EXPECT_GT(learnt, 80U) << "of " << after.entries().size();

  const auto served = engine::loadLocalModel({.model = run.output, .adapters = {}});
  GenerationOptions options;
  options.aspects = true;
  options.maxNewTokens = 4;
  options.beams = 1;
  const std::string wish = "Take a look at this image and describe what you notice.";
  for (const bool bright : {true, false}) {
    const Reply reply = served->chat({{.role = Role::User, .text = wish, .images = {picture(bright)}}}, options, {}, {});
    ASSERT_TRUE(reply.aspects);
    const std::vector<AspectPart>& parts = reply.aspects->parts;
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_GT(parts[0].relevance, 0.8) << "both have a theme";
    EXPECT_GT(bright ? parts[2].relevance : 1 - parts[2].relevance, 0.65) << (bright ? "bright" : "dark");
  }
}

TEST_F(AspectPictures, WithoutItsLossThereIsNoHead) {
  const TrainConfig plain = config({"stages.1.losses={cross_entropy: 1}", "stages.1.trains=[theme, objects]", "stages.1.steps=1",
                                    "stages.1.learning_rates={}", "stages.0.trains=dense", "stages.0.steps=1"});
  ASSERT_TRUE(trainConfigured(plain, false, {}, {}));
  const engine::AspectSet set = engine::readAspectSet(plain.output);
  EXPECT_TRUE(set.relevance.empty());
  EXPECT_TRUE(set.visual.empty());
}

// One caption speaks of the relations, the other does not: the head is taught the share.
TEST_F(AspectPictures, TheTruthIsTheShareOfCaptions) {
  const AspectPlan plan{.relevance = true};
  AspectModel model(folder_.path() / "blip", plan, 5);
  std::vector<Conversation> lessons;
  for (const char* caption : {"A port. Five ships lie along the pier.", "A port. There are five ships."})
    for (Conversation& made : aspectConversations({}, caption, "bright.png", static_cast<std::int64_t>(lessons.size())))
      lessons.push_back(std::move(made));
  AspectLessons stream(model, lessons, {.batch = 64, .imageRoot = folder_.path()});
  stream.load(0);
  const AnswerBatch batch = stream.answer();
  ASSERT_EQ(batch.concerns.size(1), 3);
  ASSERT_GT(batch.concerns.size(0), 0);
  EXPECT_EQ(batch.concerns.sizes(), batch.relevance.sizes());
  for (std::int64_t row = 0; row < batch.concerns.size(0); ++row) {
    EXPECT_FLOAT_EQ(batch.concerns[row][0].item<float>(), 1.0F);
    EXPECT_FLOAT_EQ(batch.concerns[row][2].item<float>(), 0.5F);
  }
  // Only those that are looked at with the wish: 5 router lessons and 2 of the fusion.
  EXPECT_EQ(batch.concerns.size(0), 7);
}

// Where the first word of each aspect is looked up in training, the engine finds it, also for pictures that stand in the plane
// (Qwen-VL) and add to several layers (Qwen3-VL).
TEST_F(AspectPictures, ArePlacedAsTheEnginePlacesThem) {
  const std::vector<std::pair<const char*, void (*)(const fs::path&)>> families = {{"qwen2_5_vl", writeTinyQwenVl},
                                                                                   {"qwen3_vl", writeTinyQwen3Vl}};
  RgbImage image = tinyPicture(24, 16, 2);
  const std::vector<std::byte> png = encodePng(image);
  writeTextFile(folder_.path() / "plane.png", {reinterpret_cast<const char*>(png.data()), png.size()});
  for (const auto& [name, write] : families) {
    SCOPED_TRACE(name);
    const fs::path base = folder_.path() / name, out = folder_.path() / (std::string(name) + "-experts");
    write(base);
    AspectModel model(base, {}, 5);
    {
      const at::NoGradGuard noGradients;
      std::uint64_t seed = 50;
      for (const Parameter& parameter : model.store().parameters()) {
        if (!parameter.name.ends_with("lora_B.weight")) continue;
        torch::Tensor value = parameter.value;
        value.copy_(model::seededRandom(value.sizes(), ++seed) * 0.3);
      }
    }
    AspectLessons stream(model, aspectConversations({}, "A port. Two ships near it.", "plane.png", 0),
                         {.batch = 16, .imageRoot = folder_.path()});
    stream.load(0);
    const AnswerBatch batch = stream.answer();
    EXPECT_TRUE(batch.logits.requires_grad());
    model.write(out, base.string());
    engine::AspectSet set = engine::readAspectSet(out);
    set.routerMode = engine::RouterMode::Template;
    set.routerAdapter.clear();
    set.fusionMode = engine::FusionMode::Concat;
    engine::writeAspectSet(out, set);
    GenerationOptions options;
    options.aspects = true;
    options.maxNewTokens = 1;
    const auto served = engine::loadLocalModel({.model = out, .adapters = {}});
    const Reply reply = served->chat({{.role = Role::User, .text = "Describe this image.", .images = {image}}}, options, {}, {});
    ASSERT_TRUE(reply.aspects);
    for (std::int64_t aspect = 0; aspect < kAspects; ++aspect) {
      const std::string end = ":0:" + std::string(typeOfExpert(aspect));
      const auto row = std::ranges::find_if(batch.names, [&](const std::string& one) { return one.ends_with(end); });
      ASSERT_NE(row, batch.names.end());
      const auto first = at::nonzero(batch.answers == row - batch.names.begin())[0][0].item<std::int64_t>();
      const double expected = at::log_softmax(batch.logits[first], 0).max().item<double>();
      EXPECT_NEAR(reply.aspects->parts[static_cast<std::size_t>(aspect)].meanLogProbability, expected, 1e-4) << aspect;
    }
  }
}

}  // namespace
}  // namespace orthoscribe::learn
