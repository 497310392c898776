// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "core/learn/layer_training/area_split.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

LayerLabel labelAt(double x, double y, bool rejected = false) {
  return {{{x - 3, y - 2}, {x + 3, y - 2}, {x + 3, y + 2}, {x - 3, y + 2}}, 0, rejected};
}

std::vector<LayerLabel> scattered(int count, double width, double height, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<LayerLabel> labels;
  for (int number = 0; number < count; ++number) {
    const double x = width * (static_cast<double>(random() % 1000) + 0.5) / 1000;
    const double y = height * (static_cast<double>(random() % 1000) + 0.5) / 1000;
    labels.push_back(labelAt(x, y, number % 5 == 0));
  }
  return labels;
}

bool overlap(const geo::PixelRect& a, const geo::PixelRect& b) {
  return a.column < b.column + b.width && b.column < a.column + a.width && a.row < b.row + b.height && b.row < a.row + a.height;
}

bool holdsObject(const geo::PixelRect& area, const std::vector<LayerLabel>& labels) {
  return std::any_of(labels.begin(), labels.end(), [&](const LayerLabel& label) {
    const geo::Point centre = centreOf(label);
    return !label.rejected && centre.x >= double(area.column) && centre.x < double(area.column + area.width) &&
           centre.y >= double(area.row) && centre.y < double(area.row + area.height);
  });
}

TEST(AreaSplit, NoPictureShowsBothSides) {
  for (const auto& [width, height, count] : {std::tuple{3072, 2048, 200}, {1000, 3333, 40}, {257, 4000, 25}, {777, 779, 12}}) {
    const std::vector<LayerLabel> labels = scattered(count, width, height, 7);
    const AreaSplit split = splitArea(width, height, 256, labels, 0.2);
    ASSERT_FALSE(split.train.empty());
    ASSERT_FALSE(split.heldOut.empty());
    for (const geo::PixelRect& held : split.heldOut) {
      EXPECT_TRUE(holdsObject(held, labels));
      for (const geo::PixelRect& train : split.train)
        EXPECT_FALSE(overlap(held, train)) << held.column << ", " << held.row << " and " << train.column << ", " << train.row;
    }
    for (const auto* side : {&split.train, &split.heldOut}) {
      for (const geo::PixelRect& area : *side) {
        EXPECT_LE(area.width, 256);
        EXPECT_LE(area.height, 256);
        EXPECT_TRUE(area.column >= 0 && area.row >= 0 && area.column + area.width <= width && area.row + area.height <= height);
      }
    }
  }
}

TEST(AreaSplit, IsTheSameEveryTimeAndFollowsTheShare) {
  const std::vector<LayerLabel> labels = scattered(500, 2560, 2560, 3);
  const AreaSplit first = splitArea(2560, 2560, 256, labels, 0.3);
  const AreaSplit second = splitArea(2560, 2560, 256, labels, 0.3);
  EXPECT_EQ(first.train, second.train);
  EXPECT_EQ(first.heldOut, second.heldOut);
  EXPECT_NEAR(static_cast<double>(first.heldOut.size()), 30, 2);
}

TEST(AreaSplit, LearnsAcrossBlocksThatAreBothLearntFrom) {
  const AreaSplit split = splitArea(2560, 2560, 256, scattered(900, 2560, 2560, 3), 0.1);
  EXPECT_GT(split.train.size(), 150U) << "pictures that lie half a block further";
}

TEST(AreaSplit, LabelsInOnePlaceAreRefused) {
  std::vector<LayerLabel> labels(20, labelAt(100, 100));
  expectError(ErrorCode::InvalidInput, {"held out"}, [&] { splitArea(2000, 2000, 256, labels, 0.2); });
}

}  // namespace
}  // namespace orthoscribe::learn
