// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/detection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>

namespace orthoscribe::geo {
namespace {

Detection boxAt(double x, double y, double width, double height, const std::string& label = "ship", int tile = 0) {
  Detection detection;
  detection.label = label;
  detection.tile = tile;
  detection.pixelQuad = corners(makeOrientedBox({x, y}, width, height, 0));
  detection.mapQuad = detection.pixelQuad;
  return detection;
}

TEST(MergeAcrossSeams, KeepsTheHigherScore) {
  Detection low = boxAt(10, 10, 20, 10, "ship", 0);
  low.score = 0.4;
  Detection high = boxAt(11, 10, 20, 10, "ship", 1);
  high.score = 0.9;
  high.cutByTile = true;
  const auto kept = mergeAcrossSeams({low, high}, 0.95);
  EXPECT_EQ(kept.size(), 1U) << "the cut box lies in the whole one";
  high.cutByTile = false;
  const auto better = mergeAcrossSeams({low, high}, 0.5);
  ASSERT_EQ(better.size(), 1U);
  EXPECT_EQ(better[0].tile, 1);
}

TEST(MergeAcrossSeams, AtEqualScoresPrefersTheUncutThenTheLargerThenTheEarlier) {
  Detection cut = boxAt(10, 10, 21, 10, "ship", 0);
  cut.cutByTile = true;
  const Detection whole = boxAt(11, 10, 20, 10, "ship", 1);
  ASSERT_EQ(mergeAcrossSeams({cut, whole}, 0.5).size(), 1U);
  EXPECT_EQ(mergeAcrossSeams({cut, whole}, 0.5)[0].tile, 1);
  const Detection larger = boxAt(11, 10, 22, 10, "ship", 2);
  EXPECT_EQ(mergeAcrossSeams({whole, larger}, 0.5)[0].tile, 2);
  Detection twin = whole;
  twin.tile = 7;
  EXPECT_EQ(mergeAcrossSeams({whole, twin}, 0.5)[0].tile, 1);
  EXPECT_EQ(mergeAcrossSeams({twin, whole}, 0.5)[0].tile, 7);
}

TEST(MergeAcrossSeams, DropsThePartThatATileBorderLeft) {
  Detection part = boxAt(4, 10, 8, 10, "ship", 0);
  part.cutByTile = true;
  part.score = 0.99;
  Detection whole = boxAt(20, 10, 40, 10, "ship", 1);
  whole.score = 0.5;
  ASSERT_EQ(mergeAcrossSeams({part, whole}, 0.5).size(), 1U);
  EXPECT_EQ(mergeAcrossSeams({part, whole}, 0.5)[0].tile, 1);
  // A small whole object on a larger one is not a part of it.
  part.cutByTile = false;
  EXPECT_EQ(mergeAcrossSeams({part, whole}, 0.5).size(), 2U);
  // Nor are two that the model told apart in one window.
  part.cutByTile = true;
  part.tile = whole.tile;
  EXPECT_EQ(mergeAcrossSeams({part, whole}, 0.5).size(), 2U);
}

TEST(MergeAcrossSeams, KeepsLabelsApartAndOrder) {
  const auto kept = mergeAcrossSeams({boxAt(10, 10, 20, 10, "ship"), boxAt(300, 300, 5, 5, "car"),
                                      boxAt(10, 10, 20, 10, "harbour"), boxAt(10, 10, 20, 10, "ship", 3)},
                                     0.5);
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].label, "ship");
  EXPECT_EQ(kept[1].label, "car");
  EXPECT_EQ(kept[2].label, "harbour");
}

TEST(MergeAcrossSeams, TreatsTheThresholdAsStrict) {
  // IoU of these is a third.
  const std::vector<Detection> pair = {boxAt(10, 10, 20, 10), boxAt(20, 10, 20, 10)};
  EXPECT_EQ(mergeAcrossSeams(pair, 0.34).size(), 2U);
  EXPECT_EQ(mergeAcrossSeams(pair, 0.33).size(), 1U);
}

TEST(MergeAcrossSeams, SurvivesOddInput) {
  EXPECT_TRUE(mergeAcrossSeams({}, 0.5).empty());
  Detection broken = boxAt(std::nan(""), 0, 1, 1);
  EXPECT_EQ(mergeAcrossSeams({broken, boxAt(0, 0, 1, 1)}, 0.5).size(), 2U);
  EXPECT_EQ(mergeAcrossSeams({boxAt(0, 0, 0, 0), boxAt(0, 0, 0, 0)}, 0.5).size(), 2U);
  // One box as large as the raster among tiny ones must not fill memory.
  EXPECT_EQ(mergeAcrossSeams({boxAt(1e6, 1e6, 2e6, 2e6), boxAt(5, 5, 1, 1), boxAt(9e5, 9e5, 1, 1)}, 0.5).size(), 3U);
}

std::vector<Detection> crowd(int count, double extent, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, extent);
  std::uniform_real_distribution<double> side(8, 60);
  std::uniform_real_distribution<double> angle(-90, 90);
  std::normal_distribution<double> shift(0, 1.5);
  std::uniform_real_distribution<double> score(0, 1);
  std::vector<Detection> result;
  for (int i = 0; i < count / 2; ++i) {
    const OrientedBox box = makeOrientedBox({place(random), place(random)}, side(random), side(random), angle(random));
    for (int copy = 0; copy < 2; ++copy) {
      Detection detection;
      detection.label = i % 3 == 0 ? "ship" : "car";
      detection.score = score(random);
      detection.tile = copy;
      detection.pixelQuad = corners(makeOrientedBox({box.centre.x + shift(random), box.centre.y + shift(random)}, box.longSide,
                                                    box.shortSide, box.angleDeg));
      result.push_back(detection);
    }
  }
  return result;
}

TEST(MergeAcrossSeams, AgreesWithTryingEveryPair) {
  const std::vector<Detection> all = crowd(1500, 900, 3);
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all[a].score > all[b].score; });
  std::vector<std::size_t> expected;
  for (const std::size_t candidate : order) {
    const bool covered = std::any_of(expected.begin(), expected.end(), [&](std::size_t other) {
      return all[other].label == all[candidate].label && polygonIou(all[other].pixelQuad, all[candidate].pixelQuad) > 0.3;
    });
    if (!covered) expected.push_back(candidate);
  }
  std::sort(expected.begin(), expected.end());
  const auto kept = mergeAcrossSeams(all, 0.3);
  ASSERT_EQ(kept.size(), expected.size());
  ASSERT_LT(kept.size(), all.size());
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].pixelQuad, all[expected[i]].pixelQuad);
}

TEST(MergeAcrossSeams, HandlesAHundredThousandBoxes) {
  const std::vector<Detection> all = crowd(100000, 30000, 5);
  const auto start = std::chrono::steady_clock::now();
  const auto kept = mergeAcrossSeams(all, 0.5);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  RecordProperty("seconds", std::to_string(seconds));
  std::printf("100000 boxes: %zu kept in %.3f s\n", kept.size(), seconds);
  EXPECT_GE(kept.size(), 45000U);
  EXPECT_LE(kept.size(), 60000U);
}

}  // namespace
}  // namespace orthoscribe::geo
