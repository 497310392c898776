// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/box_targets.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

BoxTargets targetsOf(const Sample& sample) {
  return makeBoxTargets(sample, takeView(sample, plainView(sample, 64), 64), 64, 4);
}

TEST(BoxTargets, OneHotCellForEachObject) {
  const Sample sample = tinySamples(1).front();
  const BoxTargets targets = targetsOf(sample);
  EXPECT_EQ(targets.heat.eq(1).sum().item<std::int64_t>(), 1);
  EXPECT_EQ(targets.heat[kShip].eq(1).sum().item<std::int64_t>(), 1);
  EXPECT_NEAR(targets.geometryWeight.sum().item<double>(), 1, 1e-5);
}

TEST(BoxTargets, WhatIsNotKnownTeachesNothing) {
  Sample sample = tinySamples(1).front();
  sample.boxesKnown.fill(false);
  sample.boxesKnown[kShip] = true;
  const BoxTargets targets = targetsOf(sample);
  EXPECT_EQ(targets.heatWeight[kShip].min().item<float>(), 1);
  EXPECT_EQ(targets.heatWeight.sum().item<double>(), 256);
}

TEST(BoxTargets, MirroredGroundTeachesNothing) {
  const Sample sample = tinySamples(1).front();
  ViewTransform outward;  // twice the picture's size: a quarter of the view shows it
  outward.a = 2;
  outward.e = 2;
  const BoxTargets targets = makeBoxTargets(sample, takeView(sample, outward, 64), 64, 4);
  EXPECT_EQ(targets.heatWeight[kShip].sum().item<double>(), 64);
}

TEST(BoxTargets, UprightBoxesTeachNoShape) {
  Sample sample = tinySamples(1).front();
  sample.shapesKnown = false;
  const BoxTargets targets = targetsOf(sample);
  EXPECT_EQ(targets.geometryWeight.sum().item<double>(), 0);
  EXPECT_EQ(targets.heat.eq(1).sum().item<std::int64_t>(), 1);
}

TEST(BoxTargets, RoundTanksHaveNoAngle) {
  Sample sample = tinySamples(1).front();
  sample.boxes[0].objectClass = kStorageTank;
  EXPECT_EQ(targetsOf(sample).angleWeight.sum().item<double>(), 0);
}

}  // namespace
}  // namespace orthoscribe::learn
