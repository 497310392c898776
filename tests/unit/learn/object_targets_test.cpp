// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/object_targets.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace orthoscribe::learn {
namespace {

model::ProposedObject objectAt(double x, double score) {
  return {kCar, score, x, 50, 20, 10, 0};
}
LabelledBox truthAt(double x) {
  return {{{x, 50}, 20, 10, 0}, kCar, false};
}

TEST(ObjectTargets, StopsWhereTheRestIsWrong) {
  const std::vector<model::ProposedObject> objects = {objectAt(20, 0.9), objectAt(60, 0.8), objectAt(120, 0.3),
                                                      objectAt(180, 0.2)};
  EXPECT_EQ(worthSaying(objects, {truthAt(21), truthAt(61)}, kCar), 2U);
  EXPECT_EQ(worthSaying(objects, {truthAt(20), truthAt(120)}, kCar), 3U);
  EXPECT_EQ(worthSaying(objects, {}, kCar), 0U);
  EXPECT_EQ(worthSaying(objects, {truthAt(180)}, kCar), 0U);
}

TEST(ObjectTargets, OneTruthCountsOnce) {
  const std::vector<model::ProposedObject> objects = {objectAt(20, 0.9), objectAt(22, 0.8)};
  EXPECT_EQ(worthSaying(objects, {truthAt(20)}, kCar), 1U);
}

TEST(ObjectTargets, OtherClassesAreNoTruth) {
  LabelledBox truck = truthAt(20);
  truck.objectClass = kTruck;
  EXPECT_EQ(worthSaying({objectAt(20, 0.9)}, {truck}, kCar), 0U);
}

TEST(ObjectTargets, DrawnListsAreOrderedAsTheTowersAre) {
  Random random(4);
  const model::ProposalOptions options;
  std::size_t longest = 0;
  for (int repeat = 0; repeat < 50; ++repeat) {
    const auto objects = drawObjects(options, 256, random);
    longest = std::max(longest, objects.size());
    EXPECT_LE(objects.size(), static_cast<std::size_t>(options.limit));
    for (std::size_t index = 1; index < objects.size(); ++index) {
      const bool sameClass = objects[index].objectClass == objects[index - 1].objectClass;
      EXPECT_TRUE(sameClass ? objects[index].score <= objects[index - 1].score
                            : objects[index].objectClass > objects[index - 1].objectClass);
    }
  }
  EXPECT_GT(longest, 20U);
}

}  // namespace
}  // namespace orthoscribe::learn
