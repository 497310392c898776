// SPDX-License-Identifier: GPL-2.0-or-later
// Stages that are killed, cancelled or run out of disk go on as if nothing had happened.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/stage_checkpoint.h"
#include "core/learn/train/stage_runner.h"
#include "core/learn/train/trainee.h"
#include "tests/unit/learn_train/toy_model.h"

namespace orthoscribe::learn {
namespace {

struct Killed {};

StageConfig stageOf(StageKind kind, const std::string& name) {
  StageConfig stage;
  stage.kind = kind;
  stage.name = name;
  stage.trains = {"all"};
  stage.learningRate = 1e-2;
  stage.steps = 24;
  stage.accumulate = 2;
  stage.saveEvery = 5;
  stage.logEvery = 2;
  stage.averageDecay = 0.9;
  if (kind == StageKind::Preference)
    stage.losses = {{.name = "mpo"}};
  else
    stage.losses = {{.name = "cross_entropy"},
                    {.name = "topk_entropy", .weight = 0.01},
                    {.name = "usage_entropy", .weight = 0.05, .schedule = Curve::Linear, .from = 2, .to = 1}};
  return stage;
}

// Dies at step `last` of each stage it is told, counted from the beginning of the whole run.
class ToyTrainee : public Trainee {
 public:
  ParameterStore& store() override { return model_.store(); }
  std::unique_ptr<LessonStream> lessons(const StageConfig& stage) override {
    return std::make_unique<ToyStream>(model_, 4, stage.kind == StageKind::Preference);
  }
  void write(const std::filesystem::path&) override { ++written; }
  int written = 0;

 private:
  ToyModel model_;
};

class Stages : public testing::Test {
 protected:
  Stages() {
    at::set_num_threads(1);
    config_.stages = {stageOf(StageKind::Tasks, "tasks"), stageOf(StageKind::Preference, "preference"),
                      stageOf(StageKind::Refinement, "refinement")};
    config_.stages[2].trains = {"routers", "head."};
    config_.stages[2].learningRates = {{"routers", 5e-2}};
  }

  // steps: after which it dies; below 0: it lives to its end. Returns the weights.
  std::vector<torch::Tensor> run(const std::string& output, bool resume, std::int64_t steps = -1) {
    config_.output = folder_.path() / output;
    ToyTrainee trainee;
    StageHooks hooks;
    hooks.progress = [&](const Progress&) {
      if (steps >= 0 && steps-- == 0) throw Killed();
    };
    runStages(config_, trainee, RankGroup(), resume, hooks, {});
    std::vector<torch::Tensor> weights;
    for (const Parameter& parameter : trainee.store().parameters()) weights.push_back(parameter.value.detach().clone());
    return weights;
  }

  std::string curvesWithoutTimes(const std::string& output, std::size_t stage) const {
    std::istringstream stream(readTextFile(stageFiles(folder_.path() / output, stage + 1, config_.stages[stage].name).curves));
    std::string text;
    for (std::string line; std::getline(stream, line);) {
      // step, seconds, tokens_per_second, then what repeats
      const std::size_t first = line.find(',');
      const std::size_t third = line.find(',', line.find(',', first + 1) + 1);
      text += line.substr(0, first) + line.substr(third) + '\n';
    }
    return text;
  }

  TemporaryDirectory folder_;
  TrainConfig config_;
};

TEST_F(Stages, KilledAtTenRandomStepsGiveTheSameWeights) {
  const std::vector<torch::Tensor> whole = run("whole", false);
  std::mt19937 random(20260801);
  int killed = 0;
  bool resume = false;
  std::vector<torch::Tensor> parts;
  while (killed < 10) {
    try {
      parts = run("parts", resume, std::uniform_int_distribution<int>(5, 12)(random));
      break;
    } catch (const Killed&) {
      ++killed;
      resume = true;
    }
  }
  EXPECT_EQ(killed, 10);
  parts = run("parts", true);
  ASSERT_EQ(parts.size(), whole.size());
  for (std::size_t index = 0; index < whole.size(); ++index) EXPECT_TRUE(at::equal(parts[index], whole[index])) << index;
  for (std::size_t stage = 0; stage < config_.stages.size(); ++stage)
    EXPECT_EQ(curvesWithoutTimes("parts", stage), curvesWithoutTimes("whole", stage));
}

TEST_F(Stages, LossesFallAndTheFrozenStays) {
  const std::vector<torch::Tensor> whole = run("whole", false);
  const auto last = [&](std::size_t stage) {
    const std::string text = curvesWithoutTimes("whole", stage);
    return text;
  };
  EXPECT_NE(last(0).find("cross_entropy"), std::string::npos);
  EXPECT_NE(last(1).find("reward_accuracy"), std::string::npos);
  EXPECT_NE(last(2).find("usage"), std::string::npos);
  ToyTrainee before, after;
  loadStageWeights(stageFiles(folder_.path() / "whole", 2, "preference").checkpoint, before.store());
  loadStageWeights(stageFiles(folder_.path() / "whole", 3, "refinement").checkpoint, after.store());
  for (std::size_t index = 0; index < whole.size(); ++index) {
    const Parameter& parameter = before.store().parameters()[index];
    const bool trained = parameter.name.starts_with("head.") || parameter.name.ends_with("router.weight");
    EXPECT_EQ(at::equal(parameter.value, after.store().parameters()[index].value), !trained) << parameter.name;
  }
}

TEST_F(Stages, AFullDiskLeavesTheCheckpointBefore) {
  config_.stages.resize(1);
  EXPECT_THROW(run("full", false, 7), Killed);
  const std::filesystem::path checkpoint = stageFiles(folder_.path() / "full", 1, "tasks").checkpoint;
  const std::string before = readTextFile(checkpoint);
  rlimit normal{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &normal), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = before.size() / 2, .rlim_max = normal.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string message;
  try {
    run("full", true);
  } catch (const Error& error) {
    message = error.what();
    EXPECT_EQ(error.code(), ErrorCode::Io);
  }
  setrlimit(RLIMIT_FSIZE, &normal);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(message.find("the checkpoint could not be written"), std::string::npos) << message;
  EXPECT_NE(message.find("the one before it is whole"), std::string::npos) << message;
  EXPECT_EQ(readTextFile(checkpoint), before);
  for (const auto& entry : std::filesystem::directory_iterator(checkpoint.parent_path()))
    EXPECT_EQ(entry.path().filename().string().find("partial"), std::string::npos) << entry.path();
  const std::vector<torch::Tensor> resumed = run("full", true);
  const std::vector<torch::Tensor> whole = run("whole", false);
  for (std::size_t index = 0; index < whole.size(); ++index) EXPECT_TRUE(at::equal(resumed[index], whole[index])) << index;
}

TEST_F(Stages, CancelledGoesOn) {
  config_.stages.resize(1);
  config_.output = folder_.path() / "cancelled";
  const std::vector<torch::Tensor> whole = run("whole", false);
  config_.output = folder_.path() / "cancelled";
  CancelSource source;
  ToyTrainee trainee;
  StageHooks hooks;
  int steps = 0;
  hooks.progress = [&](const Progress&) {
    if (++steps == 7) source.cancel();
  };
  EXPECT_FALSE(runStages(config_, trainee, RankGroup(), false, hooks, source.token()));
  EXPECT_EQ(readStageProgress(stageFiles(config_.output, 1, "tasks").checkpoint).step, 7);
  const std::vector<torch::Tensor> resumed = run("cancelled", true);
  for (std::size_t index = 0; index < whole.size(); ++index) EXPECT_TRUE(at::equal(resumed[index], whole[index])) << index;
}

TEST_F(Stages, AForgottenResumeDestroysNothing) {
  EXPECT_THROW(run("kept", false, 7), Killed);
  const std::filesystem::path checkpoint = stageFiles(folder_.path() / "kept", 1, "tasks").checkpoint;
  const std::string before = readTextFile(checkpoint);
  EXPECT_THROW(run("kept", false), Error);
  EXPECT_EQ(readTextFile(checkpoint), before);
}

TEST_F(Stages, AChangedListOfStagesIsRefused) {
  EXPECT_THROW(run("changed", false, 30), Killed);
  std::swap(config_.stages[0], config_.stages[2]);
  EXPECT_THROW(run("changed", true), Error);
}

class NotANumber : public testing::TestWithParam<bool> {};

TEST_P(NotANumber, StopsSayingWhereAndKeepsTheLastGoodState) {
  const TemporaryDirectory folder;
  ToyModel model;
  StageConfig stage = stageOf(StageKind::Tasks, "tasks");
  stage.accumulate = 1;
  stage.losses.resize(1);
  const StageFiles files = stageFiles(folder.path(), 1, stage.name);
  ToyStream stream(model, 4);
  const bool inGradient = GetParam();
  stream.change = [&](std::int64_t number, AnswerBatch& batch) {
    if (number != 8) return;
    if (inGradient) {
      // Its value is 0, its slope is not a number.
      batch.logits = batch.logits + (batch.logits - batch.logits).sqrt();
    } else {
      batch.logits = batch.logits.clone();
      batch.logits[11][3] = std::nan("");
    }
  };
  std::string message;
  std::vector<torch::Tensor> before;
  StageHooks hooks;
  int steps = 0;
  hooks.progress = [&](const Progress&) {
    if (++steps != 8) return;
    for (const Parameter& parameter : model.store().parameters()) before.push_back(parameter.value.detach().clone());
  };
  try {
    StageRunner(model.store(), stream, stage, files, RankGroup()).run(false, hooks, {});
  } catch (const Error& error) {
    message = error.what();
  }
  EXPECT_NE(message.find("stage tasks, step 9"), std::string::npos) << message;
  EXPECT_NE(message.find(inGradient ? "gradient" : "cross_entropy' is not a number at the sample toy 34"), std::string::npos)
      << message;
  EXPECT_EQ(readStageProgress(files.checkpoint).step, 8);
  ToyModel kept;
  loadStageWeights(files.checkpoint, kept.store());
  ASSERT_EQ(before.size(), kept.store().parameters().size());
  for (std::size_t index = 0; index < before.size(); ++index)
    EXPECT_TRUE(at::equal(before[index], kept.store().parameters()[index].value));
}

INSTANTIATE_TEST_SUITE_P(InLossAndGradient, NotANumber, testing::Bool());

}  // namespace
}  // namespace orthoscribe::learn
