// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/stage_runner.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/curves.h"
#include "core/learn/train/reference_policy.h"
#include "tests/unit/learn_train/toy_model.h"

namespace orthoscribe::learn {
namespace {

StageConfig plainStage(std::int64_t steps) {
  StageConfig stage;
  stage.name = "tasks";
  stage.trains = {"all"};
  stage.losses = {{.name = "cross_entropy"}};
  stage.learningRate = 1e-2;
  stage.steps = steps;
  stage.warmUp = 0;
  return stage;
}

Figures train(const StageConfig& stage, ToyModel& model, const std::filesystem::path& folder = {}, bool pairs = false) {
  ToyStream stream(model, 4, pairs);
  const StageFiles files = folder.empty() ? StageFiles{} : stageFiles(folder, 2, stage.name);
  return StageRunner(model.store(), stream, stage, files, RankGroup()).run(false, {}, {}).last;
}

TEST(StageRunner, TrainingLowersTheLoss) {
  ToyModel first, second;
  const double before = train(plainStage(1), first).at("cross_entropy");
  const double after = train(plainStage(120), second).at("cross_entropy");
  EXPECT_LT(after, before - 0.5);
}

TEST(StageRunner, PreferenceRaisesTheMarginFromAnEvenStart) {
  ToyModel model;
  StageConfig stage = plainStage(60);
  stage.losses = {{.name = "dpo"}};
  stage.logEvery = 1;
  const TemporaryDirectory folder;
  train(stage, model, folder.path(), true);
  Curves curves(stageFiles(folder.path(), 2, "tasks").curves, {}, "");
  curves.continueFrom(60);
  ASSERT_EQ(curves.rows().size(), 60u);
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(curves.columns().begin(), curves.columns().end(), name) - curves.columns().begin());
  };
  // The policy is its own reference at the beginning.
  EXPECT_NEAR(curves.rows().front().values[column("dpo")], std::log(2.0), 1e-6);
  EXPECT_EQ(curves.rows().front().values[column("reward_chosen")], 0);
  EXPECT_LT(curves.rows().back().values[column("dpo")], 0.6);
  EXPECT_EQ(curves.rows().back().values[column("reward_accuracy")], 1);
}

TEST(StageRunner, TwoMicroBatchesAreOneOfTwiceTheSize) {
  ToyModel apart, together;
  StageConfig stage = plainStage(8);
  ToyStream small(apart, 4), large(together, 8);
  stage.accumulate = 2;
  StageRunner(apart.store(), small, stage, {}, RankGroup()).run(false, {}, {});
  stage.accumulate = 1;
  StageRunner(together.store(), large, stage, {}, RankGroup()).run(false, {}, {});
  for (std::size_t index = 0; index < apart.store().parameters().size(); ++index) {
    const torch::Tensor difference = apart.store().parameters()[index].value - together.store().parameters()[index].value;
    EXPECT_LT(difference.abs().max().item<double>(), 2e-5) << apart.store().parameters()[index].name;
  }
}

TEST(StageRunner, EpochsAreCountedInLessons) {
  ToyModel model;
  StageConfig stage = plainStage(0);
  stage.epochs = 1.5;
  stage.accumulate = 3;
  ToyStream stream(model, 4);
  EXPECT_EQ(StageRunner(model.store(), stream, stage, {}, RankGroup()).run(false, {}, {}).steps, 5);
  EXPECT_EQ(stream.began, 0);
  EXPECT_EQ(stream.step, 1);
}

TEST(StageRunner, RatesOfPartsAreTheirOwn) {
  ToyModel model, before;
  StageConfig stage = plainStage(1);
  stage.clipNorm = 1e9;
  stage.learningRates = {{"routers", 1e-4}};
  train(stage, model);
  const auto moved = [&](const std::string& name) {
    return (model.store().find(name).value - before.store().find(name).value).abs().max().item<double>();
  };
  // The first step of AdamW is the learning rate, whatever the gradient.
  EXPECT_NEAR(moved("head.weight"), 1e-2, 1e-4);
  EXPECT_NEAR(moved(std::string(kAdapterPrefix) + "layers.0.mlp.router.weight"), 1e-4, 1e-5);
}

TEST(StageRunner, OneExpertAlone) {
  ToyModel model, before;
  StageConfig stage = plainStage(3);
  stage.trains = {"experts.1"};
  train(stage, model);
  for (std::size_t index = 0; index < model.store().parameters().size(); ++index) {
    const Parameter& parameter = model.store().parameters()[index];
    const bool same = at::equal(parameter.value, before.store().parameters()[index].value);
    EXPECT_EQ(same, parameter.name.find(".experts.1.") == std::string::npos) << parameter.name;
  }
}

TEST(StageRunner, WhatIsNotThereIsNamed) {
  ToyModel model;
  StageConfig stage = plainStage(1);
  const auto message = [&] {
    try {
      train(stage, model);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  stage.trains = {"shared"};
  EXPECT_NE(message().find("'shared'"), std::string::npos);
  stage = plainStage(1);
  stage.trains = {"head."};
  stage.learningRates = {{"routers", 1e-3}};
  EXPECT_NE(message().find("'routers'"), std::string::npos);
}

TEST(StageRunner, TheReferenceLeavesTheWeightsAsTheyWere) {
  ToyModel model;
  model.store().setTrained("table.", false);
  const std::vector<torch::Tensor> reference = copyOfTrained(model.store());
  EXPECT_FALSE(reference[0].defined());
  const torch::Tensor head = model.store().find("head.weight").value;
  torch::Tensor moved = head;
  {
    const at::NoGradGuard noGradients;
    moved.add_(1);
  }
  const torch::Tensor now = head.detach().clone();
  {
    const UnderReference under(model.store(), reference);
    EXPECT_TRUE(at::equal(head, reference[1]));
    EXPECT_FALSE((head * 2).requires_grad());
  }
  EXPECT_TRUE(at::equal(head, now));
}

TEST(Curves, ColumnsThatComeLaterAreEmptyBefore) {
  const TemporaryDirectory folder;
  Curves curves(folder.path() / "a.csv", folder.path() / "a.html", "Stage <a>");
  curves.add(1, {{"loss", 2}});
  curves.add(2, {{"loss", 1.5}, {"held_out_yes_no", 0.5}});
  curves.add(3, {{"loss", 1}});
  curves.writePage();
  EXPECT_EQ(readTextFile(folder.path() / "a.csv"), "step,loss,held_out_yes_no\n1,2,\n2,1.5,0.5\n3,1,\n");
  const std::string page = readTextFile(folder.path() / "a.html");
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_NE(page.find("Stage &lt;a>"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

TEST(Curves, AHalfWrittenRowIsDropped) {
  const TemporaryDirectory folder;
  writeTextFile(folder.path() / "a.csv", "step,loss,rate\n1,2,3\n2,4,5\n3,6,7\n4,8");
  Curves curves(folder.path() / "a.csv", {}, "a");
  curves.continueFrom(2);
  EXPECT_EQ(readTextFile(folder.path() / "a.csv"), "step,loss,rate\n1,2,3\n2,4,5\n");
}

}  // namespace
}  // namespace orthoscribe::learn
