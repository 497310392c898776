// SPDX-License-Identifier: GPL-2.0-or-later
// A configuration trains an adapter on a model folder through four stages, and the engine's loader takes what comes out.
#include "core/learn/train/adapted_trainee.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/learn/train/configured_training.h"
#include "core/learn/train/stage_samples.h"
#include "core/model/adapters/adapter_folder.h"
#include "tests/unit/learn_train/tiny_family.h"

namespace orthoscribe::learn {
namespace {

struct Killed {};

constexpr const char* kStages = R"(model: base
output: out
threads: 1
device: cpu
data: {facts: facts.jsonl, views: {file: views.jsonl, images: pictures}}
adapter: {kind: mole, experts: 3, top_k: 2, rank: 2, shared_expert: true, dropout: 0.1, targets: [q_proj, down_proj]}
stages:
  - {kind: knowledge, data: facts, trains: shared, learning_rate: 1.0e-2, batch: 2, epochs: 2, save_every: 2}
  - {kind: tasks, data: [views, facts*2], trains: [experts, routers], learning_rate: 1.0e-2, learning_rates: {routers: 1.0e-3},
     losses: {cross_entropy: 1, modality_balance: 1}, batch: 3, accumulate: 2, steps: 4, save_every: 1, packing: true,
     turn_share: 0.7, resize_share: 0.7}
  - {kind: preference, data: views, trains: experts, learning_rate: 1.0e-3, batch: 2, steps: 3, save_every: 1}
  - {kind: refinement, data: [facts%50], trains: routers, losses: {cross_entropy: 1, usage_entropy: 0.02}, batch: 2, steps: 2}
)";

void writeLines(const std::filesystem::path& file, const std::vector<Conversation>& conversations) {
  std::ofstream stream(file);
  for (const Conversation& conversation : conversations) writeConversation(stream, conversation);
}

class Trained : public testing::Test {
 protected:
  Trained() {
    writeTinyQwenVl(folder_.path() / "base");
    writeLines(folder_.path() / "facts.jsonl", {talk({"What is NDVI?", "An index."}), talk({"Bands of Landsat?", "Eleven."}),
                                                talk({"What is SAR?", "A radar."}), talk({"Orbit?", "Polar."})});
    std::filesystem::create_directories(folder_.path() / "pictures");
    std::vector<Conversation> views;
    for (int index = 0; index < 3; ++index) {
      const std::vector<std::byte> bytes = encodePng(tinyPicture(16, 16, index));
      std::ofstream(folder_.path() / "pictures" / (std::to_string(index) + ".png"), std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
      Conversation view = talk({"How many?", std::to_string(index)});
      view.images = {std::to_string(index) + ".png"};
      view.rejected = std::to_string(index + 4);
      views.push_back(view);
    }
    writeLines(folder_.path() / "views.jsonl", views);
    writeTextFile(folder_.path() / "run.yaml", kStages);
  }

  TrainConfig config(const std::string& output, const std::vector<std::string>& overrides = {}) const {
    TrainConfig config = readTrainConfig(folder_.path() / "run.yaml", overrides);
    config.output = folder_.path() / output;
    return config;
  }
  static torch::Tensor logitsOf(const model::Network& network) {
    model::KvCache cache = network.makeCache();
    return network.forward(network.embedTokens(at::arange(60, 90)), cache, false);
  }

  TemporaryDirectory folder_;
};

TEST_F(Trained, ThroughFourStagesKilledAndResumed) {
  const TrainConfig whole = config("whole");
  ASSERT_TRUE(trainConfigured(whole, false, {}, {}));
  const TrainConfig parts = config("parts");
  int killed = 0;
  for (const int steps : {3, 2, 4}) {
    int left = steps;
    StageHooks hooks;
    hooks.progress = [&](const Progress&) {
      if (left-- == 0) throw Killed();
    };
    try {
      trainConfigured(parts, killed > 0, hooks, {});
    } catch (const Killed&) {
      ++killed;
    }
  }
  EXPECT_EQ(killed, 3);
  ASSERT_TRUE(trainConfigured(parts, true, {}, {}));
  const model::SafetensorsFile one(whole.output / "adapter_model.safetensors"), other(parts.output / "adapter_model.safetensors");
  ASSERT_FALSE(one.entries().empty());
  for (const auto& [name, entry] : one.entries()) EXPECT_TRUE(at::equal(one.tensor(name), other.tensor(name))) << name;
}

TEST_F(Trained, TheEngineLoadsWhatComesOut) {
  const TrainConfig run = config("out", {"adapter.dropout=0"});
  ASSERT_TRUE(trainConfigured(run, false, {}, {}));
  const auto network = model::loadNetwork(folder_.path() / "base", {run.output});
  AdaptedTrainee trainee(run, torch::kCPU);
  trainee.store();
  const torch::Tensor fresh = logitsOf(trainee.model().network());
  for (const Parameter& parameter : trainee.store().parameters()) {
    const at::NoGradGuard noGradients;
    torch::Tensor value = parameter.value;
    value.copy_(model::SafetensorsFile(run.output / "adapter_model.safetensors").tensor(parameter.name));
  }
  const torch::Tensor trained = logitsOf(trainee.model().network());
  EXPECT_TRUE(at::equal(logitsOf(*network), trained));
  EXPECT_GT((trained - fresh).abs().max().item<double>(), 1e-4);
  const model::AdapterConfig read = model::readAdapterConfig(run.output);
  EXPECT_TRUE(read.sharedExpert);
  EXPECT_EQ(read.sharedRank, 2);
  EXPECT_EQ(read.experts, 3);
  // It can be gone on from.
  TrainConfig again = config("again");
  again.adapter.from = run.output;
  AdaptedTrainee later(again, torch::kCPU);
  EXPECT_TRUE(at::equal(logitsOf(later.model().network()), trained));
}

TEST_F(Trained, OnlyTheAdapterIsInACheckpoint) {
  TrainConfig run = config("out");
  run.stages.resize(1);
  ASSERT_TRUE(trainConfigured(run, false, {}, {}));
  const model::SafetensorsFile file(stageFiles(run.output, 1, "knowledge").checkpoint);
  std::size_t moments = 0;
  for (const auto& [name, entry] : file.entries()) {
    EXPECT_TRUE(name.find("lora_") != std::string::npos || name.find("router") != std::string::npos) << name;
    if (!name.starts_with("first/")) continue;
    EXPECT_NE(name.find(".shared."), std::string::npos) << name;
    ++moments;
  }
  EXPECT_EQ(moments, 8u);
  EXPECT_NE(readTextFile(stageFiles(run.output, 1, "knowledge").page).find("cross_entropy"), std::string::npos);
}

TEST_F(Trained, APlainLoraToo) {
  TrainConfig run = config("lora", {"adapter={kind: lora, rank: 2, targets: [o_proj, up_proj]}"});
  run.stages.resize(1);
  run.stages[0].trains = {"adapter"};
  ASSERT_TRUE(trainConfigured(run, false, {}, {}));
  EXPECT_EQ(model::readAdapterConfig(run.output).type, "LORA");
  EXPECT_NO_THROW(model::loadNetwork(folder_.path() / "base", {run.output}));
}

TEST_F(Trained, WhatCannotBeTrainedIsSaid) {
  const auto message = [&](const std::vector<std::string>& overrides) {
    try {
      trainConfigured(config("bad", overrides), false, {}, {});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message({"stages=[{kind: tower, steps: 1}]"}).find("no stage of the kind tower"), std::string::npos);
  EXPECT_NE(message({"stages=[{kind: tasks, steps: 1}]"}).find("names no `data`"), std::string::npos);
  EXPECT_NE(message({"stages=[{kind: tasks, steps: 1, data: facts%0}]"}).find("\"facts%0\""), std::string::npos);
  EXPECT_NE(
      message({"stages=[{kind: preference, steps: 1, data: facts, trains: experts}]"}).find("no sample with a rejected answer"),
      std::string::npos);
  EXPECT_NE(message({"stages=[{kind: tasks, steps: 1, data: facts, trains: base}]"}).find("'base'"), std::string::npos);
  EXPECT_NE(message({"adapter={kind: lora, rank: 2}", "stages=[{kind: tasks, steps: 1, data: facts, losses: {router_z: 1}}]"})
                .find("needs routers"),
            std::string::npos);
  writeTextFile(folder_.path() / "facts.jsonl", "");
  EXPECT_NE(message({"stages=[{kind: tasks, steps: 1, data: facts}]"}).find("holds no conversation"), std::string::npos);
}

TEST_F(Trained, WhatTheModelCannotBeShownIsSaidBeforeAnyStageRuns) {
  const auto message = [&](const std::string& base, const std::string& key) {
    TrainConfig run = config("early", {"model=" + base, "stages.1.turn_share=0", "stages.1.resize_share=0", "stages.2." + key});
    try {
      trainConfigured(run, false, {}, {});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  writeTinyLlama(folder_.path() / "reader");
  EXPECT_THAT(message("reader", "resize_share=0.5"), testing::HasSubstr("stage preference: random sizes"));
  EXPECT_THAT(message("reader", "turn_share=0.5"), testing::HasSubstr("stage preference: pictures are to be turned"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "early"));
}

class Samples : public Trained {
 protected:
  Samples() {
    stage_.data = {"facts*2", "views"};
    stage_.maxTokens = 64;
  }
  std::unique_ptr<SampleSource> source(const std::vector<std::string>& overrides = {}) const {
    return stageSamples(config("mix", overrides), stage_, engine::readModelCard(folder_.path() / "base"));
  }
  // A view with a box in the words of the model's own dialect, which counts the 16 x 16 pixels as 28 x 28 where it may.
  void addBox(const std::filesystem::path& file) const {
    Conversation view = talk({"Find the ship", R"([{"bbox_2d": [14, 0, 28, 14], "label": "ship"}])"});
    view.images = {"0.png"};
    view.objects = {{"ship", {{{8, 0}, {16, 0}, {16, 8}, {8, 8}}}, false}};
    writeLines(file, {view});
  }

  StageConfig stage_;
};

TEST_F(Samples, FollowTheMixOverAllEpochs) {
  stage_.data = {"facts*2", "views%67"};
  const auto samples = source();
  EXPECT_EQ(samples->epochSize(), 10);
  std::map<std::string, int> seen;
  std::string first, second;
  for (std::int64_t number = 0; number < 20; ++number) {
    const std::string where = samples->load(number)->where;
    if (number < 10) ++seen[where];
    (number < 10 ? first : second) += where + " ";
  }
  EXPECT_NE(first, second);
  EXPECT_EQ(seen.size(), 6u);
  for (const auto& [where, times] : seen) EXPECT_EQ(times, where.find("facts") != std::string::npos ? 2 : 1) << where;
}

TEST_F(Samples, AreShownWithinTheModelsOwnLimitsAndWithinTheRow) {
  addBox(folder_.path() / "views.jsonl");
  stage_.data = {"views"};
  stage_.resizeShare = 1;
  const tasks::Dialect& dialect = tasks::dialectNamed("qwen2_5_vl");
  const engine::ModelCard card = engine::readModelCard(folder_.path() / "base");
  std::set<int> widths;
  for (const std::int64_t maxTokens : {64, 8}) {
    stage_.maxTokens = maxTokens;
    const auto samples = source({"data.views.pixels=[64, 1024]"});
    for (std::int64_t number = 0; number < 20; ++number) {
      const auto sample = samples->load(number);
      ASSERT_TRUE(sample);
      const RgbImage& image = sample->images.at(0);
      // The limits of the folder's preprocessor_config.json: sides of 8 pixels, 64 to 1024 in all, half the row at most.
      EXPECT_LE(image.width * image.height, std::min<std::int64_t>(1024, maxTokens / 2 * 64));
      EXPECT_GE(image.width * image.height, 64);
      EXPECT_EQ(image.width % 8, 0);
      widths.insert(image.width);
      ModelInfo info;
      info.resize = card.resize;
      const auto said =
          dialect.parse(sample->conversation.turns[1].text, dialect.frameFor(image.width, image.height, info), {}, true);
      ASSERT_EQ(said.boxes.size(), 1u);
      for (std::size_t corner = 0; corner < 4; ++corner) {
        EXPECT_NEAR(said.boxes[0].quad[corner].x, sample->conversation.objects[0].quad[corner].x, 1.0);
        EXPECT_NEAR(said.boxes[0].quad[corner].y, sample->conversation.objects[0].quad[corner].y, 1.0);
      }
    }
  }
  EXPECT_GT(widths.size(), 2u);
}

TEST_F(Samples, BadOnesArePassedOverUpToTheStagesLimit) {
  writeTextFile(folder_.path() / "pictures/1.png", "not a picture");
  stage_.data = {"views"};
  const auto samples = source();
  int bad = 0;
  for (std::int64_t number = 0; number < 9; ++number) bad += samples->load(number) ? 0 : 1;
  EXPECT_EQ(bad, 3);
  stage_.skip = {.share = 0, .atLeast = 0};
  try {
    const auto strict = source();
    for (std::int64_t number = 0; number < 3; ++number) strict->load(number);
    ADD_FAILURE() << "the limit was passed without a word";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("views.jsonl:2"), std::string::npos) << error.what();
  }
}

// What several processes and resumed runs read: the lessons of a number are the same however one came to it.
TEST_F(Samples, MakeTheSameLessonsInEveryProcessAndAfterEveryStop) {
  addBox(folder_.path() / "views.jsonl");
  writeTextFile(folder_.path() / "facts.jsonl", readTextFile(folder_.path() / "facts.jsonl") + "{\"conversations\": 3}\n");
  stage_.turnShare = stage_.resizeShare = 0.7;
  stage_.batch = 2;
  stage_.packing = true;
  const TrainConfig run = config("mix");
  AdaptedTrainee trainee(run, torch::kCPU);
  const auto namesOf = [&](LessonStream& lessons, std::int64_t number) {
    lessons.load(number);
    const AnswerBatch batch = lessons.answer();
    std::string names;
    for (const std::string& name : batch.names) names += name + " ";
    return std::pair(names, batch.labels);
  };
  const auto whole = trainee.lessons(stage_);
  whole->begin(0, 1);
  std::vector<std::pair<std::string, torch::Tensor>> all;
  for (std::int64_t number = 0; number < 12; ++number) all.push_back(namesOf(*whole, number));
  for (std::int64_t rank = 0; rank < 2; ++rank) {
    const auto lessons = trainee.lessons(stage_);
    lessons->begin(rank, 2);
    for (std::int64_t number = rank; number < 12; number += 2) {
      const auto [names, labels] = namesOf(*lessons, number);
      EXPECT_EQ(names, all[static_cast<std::size_t>(number)].first) << number;
      EXPECT_TRUE(at::equal(labels, all[static_cast<std::size_t>(number)].second)) << number;
    }
  }
  for (const std::int64_t stop : {5, 9, 11}) {
    const auto lessons = trainee.lessons(stage_);
    lessons->begin(stop, 1);
    EXPECT_TRUE(at::equal(namesOf(*lessons, stop).second, all[static_cast<std::size_t>(stop)].second)) << stop;
  }
}

}  // namespace
}  // namespace orthoscribe::learn
