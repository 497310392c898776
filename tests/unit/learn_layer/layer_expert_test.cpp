// SPDX-License-Identifier: GPL-2.0-or-later
// The starter's tower with updates: what the losses move, and that what is written is what was trained.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

#include "core/base/files.h"
#include "core/learn/data/decoder_views.h"
#include "core/learn/layer_training/layer_loss.h"
#include "core/learn/layer_training/tower_expert.h"
#include "core/learn/train/optimizer.h"
#include "core/model/families/families.h"

namespace orthoscribe::learn {
namespace {

const std::filesystem::path kStarter = std::filesystem::path(ORTHOSCRIBE_SOURCE_DIR) / "resources" / "starter";

// Grey ground with bright rectangles, of which the second was rejected.
Sample sampleWithTwoBoxes() {
  Sample sample;
  sample.image = RgbImage(128, 128);
  std::fill(sample.image.pixels.begin(), sample.image.pixels.end(), std::uint8_t{90});
  const auto draw = [&](int left, int top, int objectClass) {
    for (int row = top; row < top + 14; ++row)
      for (int column = left; column < left + 26; ++column) std::fill_n(sample.image.at(column, row), 3, std::uint8_t{220});
    LabelledBox box;
    box.box = geo::makeOrientedBox({left + 13.0, top + 7.0}, 26, 14, 0);
    box.objectClass = objectClass;
    sample.boxes.push_back(box);
  };
  draw(20, 30, kBuilding);
  draw(80, 90, asRejected(kBuilding));
  sample.boxesKnown[kBuilding] = true;
  return sample;
}

// Neither turned nor moved, so that cells can be pointed at.
LayerBatchOptions stillViews() {
  LayerBatchOptions options;
  options.side = 128;
  options.augmentation = {.freeRotation = 0, .zoom = 1, .shift = 0, .colour = 0};
  return options;
}

class LayerExpert : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kStarter / "model.safetensors")) GTEST_SKIP() << "no starter model in resources/starter";
    expert_ = std::make_unique<TowerExpert>(kStarter, 4, 1, torch::kCPU);
  }

  at::Tensor heatOf(const model::ConvTower& tower, const LayerBatch& batch) const {
    const at::NoGradGuard noGradients;
    return tower.forward(normalisedPixels(batch.tower.pixels, torch::kCPU, at::kFloat), false).heat;
  }
  static double at(const at::Tensor& heat, const HeatCell& cell) {
    return heat[cell.picture][cell.objectClass][cell.row][cell.column].item<double>();
  }

  std::unique_ptr<TowerExpert> expert_;
};

TEST_F(LayerExpert, StartsAsTheUntrainedTowerBitForBit) {
  const Sample sample = sampleWithTwoBoxes();
  const LayerBatch batch = makeLayerBatch({&sample}, stillViews(), 5);
  EXPECT_TRUE(at::equal(heatOf(expert_->tower(), batch), heatOf(expert_->untrainedTower(), batch)));
  EXPECT_EQ(expert_->store().parameters().size(), 10U) << "A and B of five convolutions";
}

TEST_F(LayerExpert, SilenceWeighsMoreAroundRejectedBoxes) {
  const Sample sample = sampleWithTwoBoxes();
  const LayerBatch batch = makeLayerBatch({&sample}, stillViews(), 5);
  ASSERT_EQ(batch.accepted.size(), 1U);
  ASSERT_EQ(batch.rejected.size(), 1U);
  EXPECT_EQ(at(batch.tower.heat, batch.accepted.front()), 1);
  EXPECT_EQ(at(batch.tower.heat, batch.rejected.front()), 0);
  EXPECT_GT(at(batch.tower.heatWeight, batch.rejected.front()), at(batch.tower.heatWeight, batch.accepted.front()));
}

TEST_F(LayerExpert, PreferenceWantsTheAcceptedBoxOverTheRejected) {
  const Sample sample = sampleWithTwoBoxes();
  const LayerBatch batch = makeLayerBatch({&sample}, stillViews(), 5);
  const at::Tensor reference = at::zeros({1, static_cast<std::int64_t>(kObjectClassCount), 32, 32});
  const at::Tensor heat = reference.clone().requires_grad_(true);
  const at::Tensor loss = boxPreference(heat, reference, batch);
  EXPECT_NEAR(loss.item<double>(), std::log(2.0), 1e-5) << "no preference yet";
  loss.backward();
  EXPECT_LT(at(heat.grad(), batch.accepted.front()), 0);
  EXPECT_GT(at(heat.grad(), batch.rejected.front()), 0);
  LayerBatch alone = batch;
  alone.rejected.clear();
  EXPECT_FALSE(boxPreference(heat, reference, alone).defined());
}

TEST_F(LayerExpert, TrainingRaisesTheAcceptedAndLowersTheRejected) {
  const Sample sample = sampleWithTwoBoxes();
  const LayerBatch batch = makeLayerBatch({&sample}, stillViews(), 5);
  const at::Tensor before = heatOf(expert_->untrainedTower(), batch);
  OptimizerOptions options;
  options.learningRate = 5e-3;
  options.weightDecay = 0;
  Optimizer optimizer(expert_->store(), options);
  double first = 0;
  double last = 0;
  for (int step = 0; step < 25; ++step) {
    const at::Tensor pixels = normalisedPixels(batch.tower.pixels, torch::kCPU, at::kFloat);
    const LayerLoss loss = layerLoss(expert_->tower().forward(pixels, false), before, batch);
    last = loss.total.item<double>();
    if (step == 0) first = last;
    loss.total.backward();
    optimizer.step(1);
  }
  EXPECT_LT(last, first);
  const at::Tensor after = heatOf(expert_->tower(), batch);
  EXPECT_GT(at(after, batch.accepted.front()) - at(after, batch.rejected.front()),
            at(before, batch.accepted.front()) - at(before, batch.rejected.front()) + 0.5);
  EXPECT_LT(at(after, batch.rejected.front()), 0) << "less likely than not";
}

TEST_F(LayerExpert, WhatIsWrittenChangesTheStartersImages) {
  {
    const at::NoGradGuard noGradients;
    for (const Parameter& parameter : expert_->store().parameters()) {
      at::Tensor value = parameter.value;
      value.normal_(0, 0.2);
    }
  }
  TemporaryDirectory folder;
  expert_->write(folder.path());
  const model::BaseModel base(kStarter, torch::kCPU, torch::kFloat32);
  const auto plain = base.network({});
  const auto adapted = base.network({folder.path()});
  EXPECT_TRUE(adapted->traits().adaptersChangeImages);
  const at::Tensor pixels = at::rand({1, 3, 256, 256}) * 2 - 1;
  EXPECT_FALSE(at::equal(plain->encodeImage(pixels, nullptr), adapted->encodeImage(pixels, nullptr)));

  const at::NoGradGuard noGradients;
  const model::StarterView trained = expert_->eyes().look(pixels);
  const std::vector<model::Adapter> adapters = {model::Adapter::load(folder.path(), torch::kFloat32, torch::kCPU)};
  model::Checkpoint weights(kStarter, "model", torch::kFloat32, torch::kCPU);
  const model::StarterVision loaded(model::Scope(weights, ""), expert_->config(), adapters);
  const model::StarterView read = loaded.look(pixels);
  ASSERT_EQ(read.objects.front().size(), trained.objects.front().size());
  for (std::size_t index = 0; index < read.objects.front().size(); ++index)
    EXPECT_DOUBLE_EQ(read.objects.front()[index].score, trained.objects.front()[index].score);
}

}  // namespace
}  // namespace orthoscribe::learn
