// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/train_config.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

constexpr const char* kWhole = R"(model: base
output: out
seed: 7
precision: float32
data:
  captions: lessons/captions.jsonl
  vqa: {file: lessons/vqa.jsonl, images: pictures}
adapter: {kind: mole, experts: 4, top_k: 2, rank: 8, shared_expert: true}
stages:
  - name: facts
    kind: knowledge
    data: [captions*2]
    trains: [shared]
    steps: 10
  - kind: tasks
    data: [captions, vqa%50]
    trains: [experts, routers]
    learning_rate: 2.0e-4
    learning_rates: {routers: 1.0e-3}
    losses:
      cross_entropy: 1
      topk_entropy: {weight: 0.01, schedule: cosine, from: 2, to: 1}
    epochs: 1.5
  - kind: preference
    data: vqa
    trains: experts
    steps: 5
    beta: 0.2
)";

class Configs : public testing::Test {
 protected:
  TrainConfig read(const std::string& text, const std::vector<std::string>& overrides = {}) {
    writeTextFile(file_, text);
    return readTrainConfig(file_, overrides);
  }
  std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
    try {
      read(text, overrides);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was refused";
  }
  // The whole one with a line of it changed.
  static std::string with(const std::string& line, const std::string& instead) {
    std::string text = kWhole;
    const std::size_t at = text.find(line);
    EXPECT_NE(at, std::string::npos) << line;
    return text.replace(at, line.size(), instead);
  }
  void expectRefusal(const std::string& text, const std::vector<std::string>& words) {
    const std::string message = refusal(text);
    for (const std::string& word : words) EXPECT_NE(message.find(word), std::string::npos) << word << " in " << message;
  }

  TemporaryDirectory folder_;
  std::filesystem::path file_ = folder_.path() / "run.yaml";
};

TEST_F(Configs, AWholeOneIsRead) {
  const TrainConfig config = read(kWhole);
  EXPECT_EQ(config.output, folder_.path() / "out");
  EXPECT_EQ(config.seed, 7u);
  EXPECT_EQ(config.dataset("captions").file, folder_.path() / "lessons/captions.jsonl");
  EXPECT_EQ(config.dataset("captions").imageRoot, folder_.path() / "lessons");
  EXPECT_EQ(config.dataset("vqa").imageRoot, folder_.path() / "pictures");
  EXPECT_EQ(config.adapter.experts, 4);
  EXPECT_EQ(config.adapter.alpha, 16);
  EXPECT_TRUE(config.adapter.sharedExpert);
  ASSERT_EQ(config.stages.size(), 3u);
  EXPECT_EQ(config.stages[0].kind, StageKind::Knowledge);
  EXPECT_EQ(config.stages[0].data, std::vector<std::string>{"captions*2"});
  EXPECT_EQ(config.stages[1].name, "tasks");
  EXPECT_EQ(config.stages[1].learningRates.at("routers"), 1e-3);
  EXPECT_EQ(config.stages[1].epochs, 1.5);
  ASSERT_EQ(config.stages[1].losses.size(), 2u);
  EXPECT_DOUBLE_EQ(config.stages[1].losses[1].weightAt(0), 0.02);
  EXPECT_DOUBLE_EQ(config.stages[1].losses[1].weightAt(0.5), 0.015);
  EXPECT_DOUBLE_EQ(config.stages[1].losses[1].weightAt(1), 0.01);
  EXPECT_EQ(config.stages[2].losses.at(0).name, "mpo");
  EXPECT_EQ(config.stages[2].trains, std::vector<std::string>{"experts"});
}

TEST_F(Configs, TheStartersDataIsAFolder) {
  const TrainConfig config = read("model: starter\noutput: /x\ndata: ../shared\nstages: [{kind: tower, minutes: 3}]\n");
  EXPECT_EQ(config.model, "starter");
  EXPECT_EQ(config.output, "/x");
  EXPECT_EQ(config.dataFolder, folder_.path().parent_path() / "shared");
  EXPECT_EQ(config.stages[0].minutes, 3);
  EXPECT_EQ(config.stages[0].trains, std::vector<std::string>{"all"});
}

TEST_F(Configs, AnUnknownKeyIsRefusedWithLineAndNearest) {
  expectRefusal(with("seed: 7", "sede: 7"), {"run.yaml:3", "'sede'", "'seed'"});
  expectRefusal(with("learning_rate: 2.0e-4", "learning_rat: 2.0e-4"),
                {"run.yaml:18", "stages.1.learning_rat", "'learning_rate'"});
  expectRefusal(with("top_k: 2", "topk: 2"), {"run.yaml:8", "adapter.topk", "'top_k'"});
  expectRefusal(with("cross_entropy: 1", "cros_entropy: 1"), {"run.yaml:21", "'cross_entropy'"});
  expectRefusal(with("schedule: cosine", "scedule: cosine"), {"run.yaml:22", "'schedule'"});
  expectRefusal(with("images: pictures", "image: pictures"), {"run.yaml:7", "'images'"});
}

TEST_F(Configs, WrongTypesAndRangesAreNamed) {
  expectRefusal(with("steps: 10", "steps: ten"), {"run.yaml:14", "stages.0.steps", "no number"});
  expectRefusal(with("steps: 10", "steps: 1.5"), {"stages.0.steps", "whole number"});
  expectRefusal(with("steps: 10", "steps: 0"), {"stages.0.steps", "at least 1"});
  expectRefusal(with("2.0e-4", "-1"), {"stages.1.learning_rate", "above 0"});
  expectRefusal(with("epochs: 1.5", "epochs: [1]"), {"run.yaml:23", "stages.1.epochs", "not a number"});
  expectRefusal(with("beta: 0.2", "beta: .nan"), {"stages.2.beta"});
  expectRefusal(with("precision: float32", "precision: float16"), {"precision", "bfloat16"});
  expectRefusal(with("kind: preference", "kind: preferences"), {"stages.2.kind", "refinement"});
  expectRefusal(with("top_k: 2", "top_k: 5"), {"adapter.top_k", "larger than experts"});
  expectRefusal(with("shared_expert: true", "shared_expert: maybe"), {"adapter.shared_expert", "true or false"});
  expectRefusal(with("seed: 7", "seed: -7"), {"run.yaml:3", "'seed'"});
}

TEST_F(Configs, HowConversationsAreReadIsTakenStrictly) {
  const TrainConfig config =
      read(with("data: vqa",
                "data: [all*2]\n    turn_share: 0.5\n    resize_share: 0.25\n    resize_rule: ratio_on_sides\n"
                "    dialect: rscovlm_obb\n    skip_limit: 3%"),
           {"data.vqa.pixels=[3136, 50176]", "stages.0.skip_limit=7"});
  const StageConfig& stage = config.stages[2];
  EXPECT_EQ(stage.turnShare, 0.5);
  EXPECT_EQ(stage.resizeShare, 0.25);
  EXPECT_EQ(stage.resizeRule, ResizeRule::RatioOnSides);
  EXPECT_EQ(stage.dialect, "rscovlm_obb");
  EXPECT_DOUBLE_EQ(stage.skip.share, 0.03);
  EXPECT_EQ(stage.skip.atLeast, 0);
  EXPECT_EQ(config.stages[0].skip.atLeast, 7);
  EXPECT_EQ(config.stages[0].turnShare, 0);
  ASSERT_TRUE(config.dataset("vqa").written);
  EXPECT_EQ(config.dataset("vqa").written->maxPixels, 50176);
  EXPECT_FALSE(config.dataset("captions").written);
  EXPECT_EQ(read(kWhole, {"data.vqa.pixels=own"}).dataset("vqa").written->minPixels, 1);

  const auto stageWith = [](const std::string& line) { return with("data: vqa", "data: vqa\n    " + line); };
  expectRefusal(stageWith("turn_share: 1.5"), {"run.yaml:26", "stages.2.turn_share"});
  expectRefusal(stageWith("turn_chance: 1"), {"stages.2.turn_chance", "'turn_share'"});
  expectRefusal(stageWith("resize_rule: area"), {"stages.2.resize_rule", "true_area, ratio_on_sides"});
  expectRefusal(stageWith("dialect: rscolvm"), {"stages.2.dialect", "rscovlm_obb"});
  expectRefusal(stageWith("skip_limit: some"), {"stages.2.skip_limit", "2%"});
  expectRefusal(with("images: pictures", "images: pictures, pixels: [9, 4]"), {"data.vqa.pixels", "9,4", "50176"});
  expectRefusal("model: starter\noutput: x\ndata: y\nstages: [{kind: tasks, steps: 1, turn_share: 0.5}]\n",
                {"stages.0.turn_share", "starter"});
}

TEST_F(Configs, StagesThatCannotBeRunAreRefused) {
  expectRefusal(with("    steps: 10\n", ""), {"stages.0", "steps, epochs or minutes"});
  expectRefusal(with("steps: 10", "steps: 10\n    epochs: 2"), {"stages.0", "only length"});
  expectRefusal(with("data: vqa", "data: vqq"), {"stage preference", "\"vqq\"", "captions, vqa"});
  expectRefusal(with("vqa%50", "vqa%0"), {"run.yaml", "stage tasks", "\"vqa%0\""});
  expectRefusal(with("name: facts", "name: tasks"), {"two stages called 'tasks'"});
  expectRefusal(with("name: facts", "name: a/b"), {"a/b"});
  expectRefusal(with("kind: knowledge\n", "beta: 1\n"), {"stages.0.kind", "missing"});
  expectRefusal("model: x\noutput: y\n", {"stages"});
  expectRefusal("output: y\nstages: [{kind: tasks, steps: 1}]\n", {"'model' is missing"});
  expectRefusal("model: [\n", {"run.yaml:"});
  expectRefusal("just text", {"no map"});
  EXPECT_THROW(readTrainConfig(folder_.path() / "none.yaml"), Error);
}

TEST_F(Configs, TheTowersViewsHaveOneSideWhereOneIsGiven) {
  const std::string begin = "model: starter\noutput: /x\ndata: ../shared\nstages: [{kind: tower, steps: 3, ";
  const StageConfig growing = read(begin + "batch: 2}]\n").stages.front();
  EXPECT_EQ(growing.side, 0);
  const StageConfig stage = read(begin + "side: 192, mix_share: 0.25, box_share: 0.75}]\n").stages.front();
  EXPECT_EQ(stage.side, 192);
  EXPECT_EQ(stage.mixShare, 0.25);
  EXPECT_EQ(stage.boxShare, 0.75);
  expectRefusal(begin + "side: 200}]\n", {"side", "is no multiple of 32"});
  expectRefusal(begin + "side: 192, box_share: 1.5}]\n", {"box_share"});
}

TEST_F(Configs, ValuesAreSetFromOutside) {
  const TrainConfig config =
      read(kWhole, {"stages.0.steps=3", "output=/elsewhere", "adapter.experts=6", "stages.1.data=[vqa]", "threads=2"});
  EXPECT_EQ(config.stages[0].steps, 3);
  EXPECT_EQ(config.output, "/elsewhere");
  EXPECT_EQ(config.adapter.experts, 6);
  EXPECT_EQ(config.stages[1].data, std::vector<std::string>{"vqa"});
  EXPECT_EQ(config.threads, 2);
  EXPECT_NE(refusal(kWhole, {"stages.0.stepps=3"}).find("'steps'"), std::string::npos);
  EXPECT_NE(refusal(kWhole, {"stages.7.steps=3"}).find("--set"), std::string::npos);
  EXPECT_NE(refusal(kWhole, {"steps"}).find("key=value"), std::string::npos);
}

TEST(Recipes, EveryOneIsRead) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ORTHOSCRIBE_SOURCE_DIR "/resources/recipes")) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_FALSE(readTrainConfig(entry.path()).stages.empty()) << entry.path();
    ++read;
  }
  EXPECT_GT(read, 1);
}

TEST(Curve, GoesFromOneToTheOther) {
  EXPECT_EQ(valueOn(Curve::Constant, 3, 1, 0.7), 3);
  EXPECT_DOUBLE_EQ(valueOn(Curve::Linear, 3, 1, 0.25), 2.5);
  EXPECT_DOUBLE_EQ(valueOn(Curve::Cosine, 3, 1, 0.5), 2);
}

}  // namespace
}  // namespace orthoscribe::learn
