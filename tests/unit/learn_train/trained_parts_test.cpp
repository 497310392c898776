// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of a base that learn beside an adapter: RS-MoE's first stage on InstructBLIP, and any other weights by their names.
#include "core/learn/train/trained_parts.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/image_codec.h"
#include "core/learn/train/adapted_trainee.h"
#include "core/learn/train/configured_training.h"
#include "core/learn/train/losses/answer_pairs.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/adapters/merge.h"
#include "core/model/adapters/saved_modules.h"
#include "tests/unit/learn_train/tiny_family.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

struct Killed {};

constexpr const char* kStage = R"(model: base
output: out
threads: 1
device: cpu
data: {views: {file: views.jsonl, images: .}}
adapter: {kind: lora, rank: 2, targets: [q_proj, down_proj]}
stages:
  - {kind: tasks, data: views, trains: [adapter, query_tokens, qformer, language_projection], learning_rate: 1.0e-2,
     learning_rates: {qformer: 2.0e-3}, batch: 2, steps: 6, save_every: 2}
)";

class BaseParts : public testing::Test {
 protected:
  BaseParts() {
    writeTinyInstructBlip(base_);
    std::ofstream lines(folder_.path() / "views.jsonl");
    for (int index = 0; index < 4; ++index) {
      const std::string name = std::to_string(index) + ".png";
      const std::vector<std::byte> png = encodePng(tinyPicture(16, 16, index));
      writeTextFile(folder_.path() / name, {reinterpret_cast<const char*>(png.data()), png.size()});
      Conversation view = talk({"How many?", std::to_string(index)});
      view.images = {name};
      writeConversation(lines, view);
    }
    lines.close();
    writeTextFile(folder_.path() / "run.yaml", kStage);
  }

  TrainConfig config(const std::string& output, const std::vector<std::string>& overrides = {}) const {
    TrainConfig config = readTrainConfig(folder_.path() / "run.yaml", overrides);
    config.output = folder_.path() / output;
    return config;
  }

  // A picture's rows as the question shows them, and what is said after them.
  static torch::Tensor logitsOf(const model::Network& network) {
    const torch::Tensor pixels = model::seededRandom({1, 3, 16, 16}, 4);
    const torch::Tensor rows = network.encodeImageFor(pixels, at::arange(60, 66, at::kLong));
    model::KvCache cache = network.makeCache();
    return network.forward(at::cat({rows, network.embedTokens(at::arange(60, 80))}), cache, false);
  }
  static double apart(const torch::Tensor& one, const torch::Tensor& other) { return (one - other).abs().max().item<double>(); }

  TemporaryDirectory folder_;
  fs::path base_ = folder_.path() / "base";
};

TEST_F(BaseParts, TheQFormerLearnsBesideTheAdapterAndComesBackWithIt) {
  const TrainConfig run = config("out");
  ASSERT_TRUE(trainConfigured(run, false, {}, {}));
  const auto bare = model::loadNetwork(base_);
  const auto network = model::loadNetwork(base_, {run.output});
  EXPECT_TRUE(network->traits().adaptersChangeImages) << "or pictures would be taken from the cache of the base";
  EXPECT_EQ(model::savedModules(run.output), (std::vector<std::string>{"language_projection", "qformer", "query_tokens"}));
  TrainConfig again = config("again");
  again.adapter.from = run.output;
  const AdaptedTrainee later(again, torch::kCPU);
  EXPECT_LT(apart(logitsOf(*network), logitsOf(later.model().network())), 1e-6);
  EXPECT_GT(apart(logitsOf(*network), logitsOf(*bare)), 1e-3);

  const model::SafetensorsFile before(base_ / "model.safetensors"), after(run.output / "adapter_model.safetensors");
  std::size_t learnt = 0;
  for (const auto& [name, entry] : after.entries()) {
    if (name.find(".lora_") != std::string::npos) continue;
    const std::string own = name.substr(std::string("base_model.model.").size());
    ASSERT_TRUE(before.has(own)) << name;
    EXPECT_EQ(own.find("vision_model"), std::string::npos) << "the tower is frozen";
    learnt += at::equal(before.tensor(own), after.tensor(name)) ? 0 : 1;
  }
  // All but the last layer's words, which no query sees any more.
  EXPECT_GT(learnt, 80U);

  fs::path merged = folder_.path() / "merged";
  model::mergeAdapter(base_, run.output, merged);
  EXPECT_LT(apart(logitsOf(*model::loadNetwork(merged)), logitsOf(*network)), 1e-4);
}

TEST_F(BaseParts, AreResumedExactly) {
  const TrainConfig whole = config("whole"), parts = config("parts");
  ASSERT_TRUE(trainConfigured(whole, false, {}, {}));
  int left = 3;
  StageHooks hooks;
  hooks.progress = [&](const Progress&) {
    if (left-- == 0) throw Killed();
  };
  EXPECT_THROW(trainConfigured(parts, false, hooks, {}), Killed);
  ASSERT_TRUE(trainConfigured(parts, true, {}, {}));
  const model::SafetensorsFile one(whole.output / "adapter_model.safetensors"), other(parts.output / "adapter_model.safetensors");
  for (const auto& [name, entry] : one.entries()) EXPECT_TRUE(at::equal(one.tensor(name), other.tensor(name))) << name;
}

TEST_F(BaseParts, AStageThatDoesNotNameThemLeavesThemAlone) {
  const TrainConfig first = config("first");
  ASSERT_TRUE(trainConfigured(first, false, {}, {}));
  TrainConfig second = config("second", {"stages.0.trains=adapter", "stages.0.learning_rates={}"});
  second.adapter.from = first.output;
  ASSERT_TRUE(trainConfigured(second, false, {}, {}));
  const model::SafetensorsFile one(first.output / "adapter_model.safetensors"),
      other(second.output / "adapter_model.safetensors");
  for (const auto& [name, entry] : one.entries())
    EXPECT_EQ(at::equal(one.tensor(name), other.tensor(name)), name.find(".lora_") == std::string::npos) << name;
}

// Whatever learns is what the model computes with: every weight of every family, changed where it is kept, changes what is said
// as the same weight does in a file.
TEST_F(BaseParts, WhatLearnsIsWhatIsUsed) {
  struct Family {
    void (*write)(const fs::path& folder);
    std::vector<std::string> parts;
    std::size_t images;
  };
  const std::vector<Family> families = {
      {writeTinyLlama, {"model.", "lm_head."}, 0},
      {writeTinyQwenVl, {"visual.", "model.", "lm_head."}, 1},
      {writeTinyInstructBlip, {"vision_model.", "query_tokens", "qformer.", "language_projection.", "language_model."}, 1}};
  for (std::size_t index = 0; index < families.size(); ++index) {
    SCOPED_TRACE(index);
    const fs::path own = folder_.path() / std::to_string(index), changed = folder_.path() / (std::to_string(index) + "-changed");
    families[index].write(own);
    AdaptedModel model(own, tinyMole(), 9, torch::kCPU, torch::kFloat32, families[index].parts);
    const ModelVoice voice = ModelVoice::load(own, model.network().traits());
    StageConfig stage;
    stage.batch = 1;
    LoadedSample sample{.where = "a:1", .conversation = talk({"What is it?", "A port."}, families[index].images), .images = {}};
    if (families[index].images > 0) sample.images = {tinyPicture(16, 16, 1)};
    const auto answerOf = [&](const AdaptedModel& asked) {
      ConversationLessons lessons(asked, voice, std::make_unique<GivenSamples>(std::vector{sample}), stage, 1);
      lessons.begin(0, 1);
      lessons.load(0);
      return lessons.answer();
    };
    const torch::Tensor before = answerOf(model).logits.detach();
    std::map<std::string, torch::Tensor> weights;
    std::uint64_t seed = 30;
    const model::SafetensorsFile file(own / "model.safetensors");
    for (const auto& [name, entry] : file.entries()) {
      ASSERT_TRUE(model.adapter().has(name)) << name;
      const at::NoGradGuard noGradients;
      torch::Tensor value = model.adapter().find(name).value;
      value.add_(model::seededRandom(value.sizes(), ++seed) * 0.05);
      weights[name] = value.clone();
    }
    fs::copy(own, changed, fs::copy_options::recursive);
    model::writeSafetensors(changed / "model.safetensors", weights);
    const AdaptedModel expected(changed, tinyMole(), 9);
    const AnswerBatch batch = answerOf(model);
    EXPECT_LT(apart(batch.logits, answerOf(expected).logits), 1e-4);
    EXPECT_GT(apart(batch.logits, before), 1e-3);
    (-labelLogProbabilities(batch)).mean().backward();
    std::size_t unmoved = 0;
    for (const auto& [name, weight] : weights) {
      const torch::Tensor& slope = model.adapter().find(name).value.grad();
      unmoved += slope.defined() && slope.abs().max().item<double>() > 0 ? 0 : 1;
    }
    // Of InstructBLIP the words of the last layer of the Q-Former; the biases of keys, which attention does not notice.
    EXPECT_LE(unmoved, families[index].images == 0 ? 0U : 12U) << "of " << weights.size();
  }
}

TEST_F(BaseParts, InHalfThePrecisionTheQFormerLearnsInFull) {
  AdaptedModel model(base_, tinyMole(), 9, torch::kCPU, torch::kBFloat16, {"query_tokens", "qformer", "language_projection"});
  const ModelVoice voice = ModelVoice::load(base_, model.network().traits());
  StageConfig stage;
  stage.batch = 1;
  LoadedSample sample{.where = "a:1", .conversation = talk({"What is it?", "A port."}, 1), .images = {tinyPicture(16, 16, 1)}};
  ConversationLessons lessons(model, voice, std::make_unique<GivenSamples>(std::vector{sample}), stage, 1);
  lessons.begin(0, 1);
  lessons.load(0);
  (-labelLogProbabilities(lessons.answer())).mean().backward();
  const Parameter& queries = model.adapter().find("query_tokens");
  EXPECT_EQ(queries.value.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(queries.value.grad().isfinite().all().item<bool>());
  EXPECT_GT(queries.value.grad().abs().max().item<double>(), 0);
  expectError(ErrorCode::Unsupported, {"vision_model", "float32"},
              [&] { AdaptedModel(base_, tinyMole(), 9, torch::kCPU, torch::kBFloat16, {"vision_model"}); });
}

TEST_F(BaseParts, WhatPeftSavedOfAModelIsRead) {
  const fs::path llama = folder_.path() / "llama", changed = folder_.path() / "changed", adapter = folder_.path() / "peft";
  writeTinyLlama(llama);
  fs::copy(llama, changed, fs::copy_options::recursive);
  const model::SafetensorsFile file(llama / "model.safetensors");
  std::map<std::string, torch::Tensor> weights;
  for (const auto& [name, entry] : file.entries()) weights[name] = file.tensor(name).clone();
  weights["lm_head.weight"] = model::seededRandom(weights["lm_head.weight"].sizes(), 8);
  model::writeSafetensors(changed / "model.safetensors", weights);
  const auto said = [](const model::Network& network) {
    model::KvCache cache = network.makeCache();
    return network.forward(network.embedTokens(at::arange(60, 80)), cache, false);
  };
  fs::create_directories(adapter);
  writeTextFile(adapter / "adapter_config.json", R"({"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["o_proj"],
                                                     "modules_to_save": ["lm_head"]})");
  for (const char* name : {"base_model.model.lm_head.weight", "base_model.model.lm_head.modules_to_save.weight"}) {
    std::map<std::string, torch::Tensor> tensors = {{name, weights["lm_head.weight"]}};
    for (const char* layer : {"0", "1"}) {
      const std::string linear = std::string("base_model.model.model.layers.") + layer + ".self_attn.o_proj.";
      tensors[linear + "lora_A.weight"] = at::ones({2, 16});
      tensors[linear + "lora_B.weight"] = at::zeros({16, 2});
    }
    model::writeSafetensors(adapter / "adapter_model.safetensors", tensors);
    const auto network = model::loadNetwork(llama, {adapter});
    EXPECT_LT(apart(said(*network), said(*model::loadNetwork(changed))), 1e-6) << name;
    EXPECT_GT(apart(said(*network), said(*model::loadNetwork(llama))), 1e-2);
    EXPECT_FALSE(network->traits().adaptersChangeImages);
  }
}

TEST_F(BaseParts, SayWhatIsNotThere) {
  expectError(ErrorCode::InvalidInput, {"'qformr'"},
              [&] { trainConfigured(config("bad", {"stages.0.trains=[qformr]", "stages.0.learning_rates={}"}), false, {}, {}); });
  const TrainConfig run = config("out");
  ASSERT_TRUE(trainConfigured(run, false, {}, {}));
  const fs::path other = folder_.path() / "llama";
  writeTinyLlama(other);
  expectError(ErrorCode::InvalidInput, {"belongs to nothing in this model"}, [&] { model::loadNetwork(other, {run.output}); });
  expectError(ErrorCode::InvalidInput, {"both replace"}, [&] { model::loadNetwork(base_, {run.output, run.output}); });
}

}  // namespace
}  // namespace orthoscribe::learn
