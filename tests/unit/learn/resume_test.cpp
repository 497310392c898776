// SPDX-License-Identifier: GPL-2.0-or-later
// N steps at once give the same bits as k steps, a stop, and N - k more; and the loss falls.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/stage_runner.h"
#include "core/learn/train/starter_lessons.h"
#include "core/learn/train/tower_stage.h"
#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

struct Trained {
  std::int64_t steps = 0;
  bool cancelled = false;
  double loss = 0;
};

class Training : public testing::Test {
 protected:
  Training() {
    at::set_num_threads(1);
    survey_.train = tinySamples(12);
    knowledge_ = tinyKnowledge();
    tokenizer_ = tinyTokenizer(survey_.train, folder_.path());
  }

  StarterModel fresh() const { return StarterModel(tinyShape(tokenizer_->size()), 3, torch::kCPU); }

  Trained trainEyes(StarterModel& starter, std::int64_t steps, const std::string& checkpoint, const ProgressCallback& stop,
                    const CancelToken& token) const {
    TowerOptions options;
    options.loop.stage = "tower";
    options.loop.length = {.steps = steps, .minutes = 0};
    options.loop.accumulate = 2;
    options.loop.checkpoint = folder_.path() / checkpoint;
    options.loop.resume = true;
    options.batch = 4;
    options.dtype = at::kFloat;
    options.optimizer.learningRate = 3e-3;
    const LoopResult result = trainTower(starter, survey_, options, {}, stop, token);
    return {result.steps, result.cancelled, result.lastLoss};
  }

  Trained trainMouth(StarterModel& starter, StageKind kind, std::int64_t steps, const std::string& checkpoint,
                     const ProgressCallback& stop, const CancelToken& token) const {
    StageConfig stage;
    stage.name = "mouth";
    stage.kind = kind;
    stage.trains = {"model.", "projector.", "copy.", "experts", "routers"};
    stage.losses = {{.name = "cross_entropy"}, {.name = "modality_balance"}};
    if (kind == StageKind::Preference) stage.losses = {{.name = "mpo"}};
    stage.learningRate = 3e-3;
    stage.accumulate = 2;
    stage.steps = steps;
    stage.averageDecay = 0.9;
    StarterLessonOptions options;
    options.pictures = kind == StageKind::Knowledge ? 0 : 4;
    options.texts = kind == StageKind::Preference ? 0 : 1;
    options.preferences = kind == StageKind::Preference;
    options.dtype = at::kFloat;
    StarterLessons lessons(starter, survey_.train, knowledge_, *tokenizer_, options);
    const StageFiles files{folder_.path() / checkpoint, folder_.path() / (checkpoint + ".csv"), {}};
    const RankGroup alone;
    StageRunner runner(starter.store(), lessons, stage, files, alone);
    StageHooks hooks;
    hooks.progress = stop;
    const StageResult result = runner.run(true, hooks, token);
    return {result.steps, !result.finished, result.last.at("loss")};
  }

  // The schedule follows the whole run's length, so a run is stopped by cancelling and not by being short.
  Trained train(StarterModel& starter, const std::string& stage, std::int64_t steps, const std::string& checkpoint,
                std::int64_t stopAfter = -1) const {
    CancelSource source;
    std::int64_t done = 0;
    const auto stop = [&](const Progress&) {
      if (++done == stopAfter) source.cancel();
    };
    if (stage == "tower") return trainEyes(starter, steps, checkpoint, stop, source.token());
    const StageKind kind = stage == "knowledge"    ? StageKind::Knowledge
                           : stage == "preference" ? StageKind::Preference
                                                   : StageKind::Tasks;
    return trainMouth(starter, kind, steps, checkpoint, stop, source.token());
  }

  void expectExactResume(const std::string& stage) const {
    StarterModel whole = fresh();
    train(whole, stage, 6, "whole.safetensors");
    StarterModel first = fresh();
    EXPECT_TRUE(train(first, stage, 6, "parts.safetensors", 2).cancelled);
    StarterModel second = fresh();
    EXPECT_EQ(train(second, stage, 6, "parts.safetensors").steps, 4);
    int moved = 0;
    const StarterModel untouched = fresh();
    for (std::size_t index = 0; index < whole.store().parameters().size(); ++index) {
      const Parameter& expected = whole.store().parameters()[index];
      EXPECT_TRUE(at::equal(expected.value, second.store().parameters()[index].value)) << expected.name;
      moved += at::equal(expected.value, untouched.store().parameters()[index].value) ? 0 : 1;
    }
    EXPECT_GT(moved, 10);
  }

  TemporaryDirectory folder_;
  Survey survey_;
  std::vector<QuestionAnswer> knowledge_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
};

TEST_F(Training, TowerResumesBitForBit) {
  expectExactResume("tower");
}

TEST_F(Training, TasksResumeBitForBit) {
  expectExactResume("tasks");
}

TEST_F(Training, KnowledgeResumesBitForBit) {
  expectExactResume("knowledge");
}

TEST_F(Training, PreferencesResumeBitForBit) {
  expectExactResume("preference");
}

TEST_F(Training, TwentyStepsLowerTheTowersLoss) {
  StarterModel one = fresh();
  StarterModel twenty = fresh();
  EXPECT_LT(train(twenty, "tower", 20, "twenty.safetensors").loss, train(one, "tower", 1, "one.safetensors").loss);
}

TEST_F(Training, TwentyStepsLowerTheLossOfTasks) {
  StarterModel one = fresh();
  StarterModel twenty = fresh();
  EXPECT_LT(train(twenty, "tasks", 20, "twenty.safetensors").loss, train(one, "tasks", 1, "one.safetensors").loss - 1);
}

TEST_F(Training, AnotherStagesCheckpointIsRefused) {
  StarterModel starter = fresh();
  train(starter, "tower", 1, "stage.safetensors");
  EXPECT_THROW(train(starter, "tasks", 2, "stage.safetensors"), Error);
}

TEST_F(Training, TheTowerStaysAsItIsWhileTheDecoderLearns) {
  StarterModel starter = fresh();
  const torch::Tensor before = starter.store().find("tower.stem.weight").value.clone();
  train(starter, "tasks", 2, "frozen.safetensors");
  EXPECT_TRUE(at::equal(before, starter.store().find("tower.stem.weight").value));
}

}  // namespace
}  // namespace orthoscribe::learn
