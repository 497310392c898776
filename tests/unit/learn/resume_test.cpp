// SPDX-License-Identifier: GPL-2.0-or-later
// N steps at once give the same bits as k steps, a stop, and N - k more; and the loss falls.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/decoder_stage.h"
#include "core/learn/train/tower_stage.h"
#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

class Training : public testing::Test {
 protected:
  Training() {
    at::set_num_threads(1);
    survey_.train = tinySamples(12);
    tokenizer_ = tinyTokenizer(survey_.train, folder_.path());
  }

  StarterModel fresh() const { return StarterModel(tinyShape(tokenizer_->size()), 3, torch::kCPU); }

  StageOptions options(const std::string& stage, std::int64_t steps, const std::string& checkpoint) const {
    StageOptions options;
    options.loop.stage = stage;
    options.loop.length = {.steps = steps, .minutes = 0};
    options.loop.accumulate = 2;
    options.loop.checkpoint = folder_.path() / checkpoint;
    options.loop.resume = true;
    options.batch = 4;
    options.dtype = at::kFloat;
    options.optimizer.learningRate = 3e-3;
    return options;
  }

  // The schedule follows the whole run's length, so a run is stopped by cancelling and not by being short.
  LoopResult train(StarterModel& starter, const StageOptions& options, std::int64_t stopAfter = -1) const {
    CancelSource source;
    std::int64_t steps = 0;
    const auto stop = [&](const Progress&) {
      if (++steps == stopAfter) source.cancel();
    };
    if (options.loop.stage == "tower") return trainTower(starter, survey_, options, {}, stop, source.token());
    return trainDecoder(starter, survey_, *tokenizer_, options, {}, stop, source.token());
  }

  void expectExactResume(const std::string& stage) const {
    StarterModel whole = fresh();
    train(whole, options(stage, 6, stage + "_whole.safetensors"));
    StarterModel first = fresh();
    EXPECT_TRUE(train(first, options(stage, 6, stage + "_parts.safetensors"), 2).cancelled);
    StarterModel second = fresh();
    EXPECT_EQ(train(second, options(stage, 6, stage + "_parts.safetensors")).steps, 4);
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
  std::unique_ptr<text::Tokenizer> tokenizer_;
};

TEST_F(Training, TowerResumesBitForBit) {
  expectExactResume("tower");
}

TEST_F(Training, DecoderResumesBitForBit) {
  expectExactResume("decoder");
}

TEST_F(Training, TwentyStepsLowerTheTowersLoss) {
  StarterModel starter = fresh();
  const double before = train(starter, options("tower", 1, "one.safetensors")).lastLoss;
  const double after = train(starter, options("tower", 20, "twenty.safetensors")).lastLoss;
  EXPECT_LT(after, before);
}

TEST_F(Training, TwentyStepsLowerTheDecodersLoss) {
  StarterModel starter = fresh();
  const double before = train(starter, options("decoder", 1, "one.safetensors")).lastLoss;
  const double after = train(starter, options("decoder", 20, "twenty.safetensors")).lastLoss;
  EXPECT_LT(after, before - 1);
}

TEST_F(Training, AnotherStagesCheckpointIsRefused) {
  StarterModel starter = fresh();
  train(starter, options("tower", 1, "stage.safetensors"));
  EXPECT_THROW(train(starter, options("decoder", 2, "stage.safetensors")), Error);
}

TEST_F(Training, TheTowerStaysAsItIsWhileTheDecoderLearns) {
  StarterModel starter = fresh();
  const torch::Tensor before = starter.store().find("tower.stem.weight").value.clone();
  train(starter, options("decoder", 2, "frozen.safetensors"));
  EXPECT_TRUE(at::equal(before, starter.store().find("tower.stem.weight").value));
}

}  // namespace
}  // namespace orthoscribe::learn
