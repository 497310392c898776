// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/object_list.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/learn/data/box_targets.h"
#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

// Heat as a perfect tower would give it, as logits.
torch::Tensor logitsOf(const torch::Tensor& heat) {
  return at::logit(heat.clamp(1e-4, 1 - 1e-4));
}

TEST(ObjectList, FindsAgainWhatTheTargetsDescribe) {
  for (const Sample& sample : tinySamples(8)) {
    const View view = takeView(sample, plainView(sample, 64), 64);
    const BoxTargets targets = makeBoxTargets(sample, view, 64, 4);
    const auto objects =
        model::proposeObjects(logitsOf(targets.heat), targets.geometry, {.limit = 8, .minimumScore = 0.5, .cellPx = 4});
    ASSERT_EQ(objects.size(), 1U);
    const LabelledBox& truth = view.boxes.front();
    EXPECT_EQ(objects[0].objectClass, truth.objectClass);
    EXPECT_NEAR(objects[0].centreX, truth.box.centre.x, 1e-3);
    EXPECT_NEAR(objects[0].centreY, truth.box.centre.y, 1e-3);
    EXPECT_NEAR(objects[0].longSide, truth.box.longSide, 1e-3);
    EXPECT_NEAR(objects[0].shortSide, truth.box.shortSide, 1e-3);
    EXPECT_NEAR(std::remainder(objects[0].angleDeg - truth.box.angleDeg, 180.0), 0, 1e-3);
  }
}

TEST(ObjectList, NeighboursSideBySideBothStay) {
  Sample sample = tinySamples(1).front();
  sample.boxes = {{{{20, 32}, 40, 9, -90}, kShip, false}, {{{31, 32}, 40, 9, -90}, kShip, false}};
  const View view = takeView(sample, plainView(sample, 64), 64);
  const BoxTargets targets = makeBoxTargets(sample, view, 64, 4);
  EXPECT_EQ(
      model::proposeObjects(logitsOf(targets.heat), targets.geometry, {.limit = 8, .minimumScore = 0.5, .cellPx = 4}).size(), 2U);
}

TEST(ObjectList, TwoPeaksInOneObjectAreOne) {
  torch::Tensor heat = at::full({1, 16, 16}, -8.0F);
  heat[0][8][4] = 3;
  heat[0][8][7] = 2;
  torch::Tensor geometry = at::zeros({6, 16, 16});
  geometry[2].fill_(1.2F);  // 53 pixels long, along x
  geometry[4].fill_(1);
  EXPECT_EQ(model::proposeObjects(heat, geometry, {}).size(), 1U);
  geometry[2].fill_(-0.6F);
  geometry[3].fill_(-0.6F);
  EXPECT_EQ(model::proposeObjects(heat, geometry, {}).size(), 2U);
}

TEST(ObjectList, DescriptionsLinkEachObjectToTheOneBefore) {
  const std::vector<model::ProposedObject> objects = {
      {0, 0.9, 10, 20, 30, 15, 5}, {0, 0.8, 60, 70, 30, 15, 5}, {2, 0.7, 80, 90, 30, 15, 5}};
  const torch::Tensor rows = model::describeObjects(objects, 9, 5);
  ASSERT_EQ(rows.size(1), model::objectFeatureCount(9));
  const std::int64_t numbers = 9 + 4;
  const std::int64_t before = numbers + 6 * model::kNumberWaves;
  EXPECT_TRUE(at::equal(rows[1].narrow(0, before, 2 * model::kNumberWaves), rows[0].narrow(0, numbers, 2 * model::kNumberWaves)));
  EXPECT_EQ(rows[2].narrow(0, before, 2 * model::kNumberWaves).abs().sum().item<float>(), 0);
  EXPECT_EQ(rows[3].abs().sum().item<float>(), 0);
}

TEST(ObjectList, NumbersHaveWavesOfTheirOwn) {
  torch::Tensor waves = at::empty({256, model::kNumberWaves});
  for (int number = 0; number < 256; ++number) model::numberWaves(number, waves[number].data_ptr<float>());
  const torch::Tensor likeness = waves.matmul(waves.t());
  EXPECT_TRUE(at::equal(likeness.argmax(1), at::arange(256, at::kLong)));
  EXPECT_GT(likeness[100][101].item<float>(), likeness[100][140].item<float>());
}

}  // namespace
}  // namespace orthoscribe::learn
