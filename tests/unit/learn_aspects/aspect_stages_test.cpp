// SPDX-License-Identifier: GPL-2.0-or-later
// The two stages as a configuration tells them, to a folder that the engine describes with.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/engine/local_model.h"
#include "core/learn/aspects/aspect_conversations.h"
#include "core/learn/aspects/aspect_trainee.h"
#include "core/learn/train/configured_training.h"
#include "tests/unit/learn_aspects/tiny_speaker.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = R"(model: speaker
output: out
seed: 3
adapter: {kind: aspects, rank: 4}
data: {captions: captions.jsonl}
stages:
  - {name: dense, kind: tasks, data: captions, trains: dense, learning_rate: 2.0e-2, batch: 4, steps: 6, save_every: 3}
  - {name: experts, kind: tasks, data: captions, trains: [theme, objects, relationships, router, fusion], learning_rate: 2.0e-2,
     batch: 4, steps: 6, save_every: 3}
)";

class AspectStages : public testing::Test {
 protected:
  AspectStages() {
    writeTinySpeaker(folder_.path() / "speaker");
    std::ofstream out(folder_.path() / "captions.jsonl");
    Record record;
    record.id = "one";
    for (const Conversation& made : aspectConversations(record, "A port. Five ships lie along the pier.", "", 0))
      writeConversation(out, made);
  }
  TrainConfig config(const std::string& text = kConfig) const {
    writeTextFile(folder_.path() / "run.yaml", text);
    return readTrainConfig(folder_.path() / "run.yaml");
  }

  TemporaryDirectory folder_;
};

TEST_F(AspectStages, TrainASetThatTheEngineDescribesWith) {
  EXPECT_TRUE(trainConfigured(config(), false, {}, {}));
  const fs::path out = folder_.path() / "out";
  EXPECT_TRUE(engine::readAspectSet(out).hasExperts());
  const auto model = engine::loadLocalModel({.model = out, .adapters = {}});
  GenerationOptions options;
  options.aspects = true;
  options.maxNewTokens = 6;
  const Reply reply = model->chat({{.role = Role::User, .text = "Describe this image.", .images = {}}}, options, {}, {});
  ASSERT_TRUE(reply.aspects);
  EXPECT_TRUE(reply.aspects->hasExperts());
  EXPECT_EQ(reply.aspects->router, "generate");
}

TEST_F(AspectStages, TheExpertsBeginWhereTheDenseOneEnded) {
  const TrainConfig whole = config();
  AspectTrainee trainee(whole, torch::kCPU, torch::kFloat32);
  ASSERT_TRUE(trainee.lessons(whole.stages[0]));
  const Parameter& dense = trainee.store().find("dense.base_model.model.model.layers.0.mlp.down_proj.lora_B.weight");
  {
    const at::NoGradGuard noGradients;
    torch::Tensor value = dense.value;
    value.fill_(0.5);
  }
  ASSERT_TRUE(trainee.lessons(whole.stages[1]));
  for (const char* expert : {"theme", "objects", "relationships", "router", "fusion"}) {
    const Parameter& own =
        trainee.store().find(std::string(expert) + ".base_model.model.model.layers.0.mlp.down_proj.lora_B.weight");
    EXPECT_TRUE(at::equal(own.value, dense.value)) << expert;
  }
}

TEST_F(AspectStages, SayWhatIsMissing) {
  std::string text = kConfig;
  text.replace(text.find("captions.jsonl"), 14, "vqa.jsonl");
  writeTextFile(folder_.path() / "vqa.jsonl",
                R"({"id":"a","task":"vqa","conversations":[{"from":"human","value":"x"},{"from":"gpt","value":"y"}]})"
                "\n");
  expectError(ErrorCode::InvalidInput, {"caption", "orthoscribe data aspects"},
              [&] { trainConfigured(config(text), false, {}, {}); });
}

}  // namespace
}  // namespace orthoscribe::learn
