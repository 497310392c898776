// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/shape_clip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

geo::Quad rectangle(double left, double top, double right, double bottom) {
  return {geo::Point{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

TEST(ShapeClip, LeavesWhatLiesInsideAsItIs) {
  const geo::Quad skew = {geo::Point{1, 2}, {9, 3}, {8, 10}, {0, 9}};
  EXPECT_EQ(clippedTo(skew, 10, 10), skew);
}

TEST(ShapeClip, CutsUprightBoxesAtEverySide) {
  EXPECT_EQ(cornersText(*clippedTo(rectangle(-5, -5, 3, 4), 10, 10)), "0,0 3,0 3,4 0,4");
  EXPECT_EQ(cornersText(*clippedTo(rectangle(7, 8, 30, 40), 10, 10)), "7,8 10,8 10,10 7,10");
  EXPECT_FALSE(clippedTo(rectangle(10, 0, 20, 5), 10, 10));
  EXPECT_FALSE(clippedTo(rectangle(-9, -9, -1, -1), 10, 10));
  EXPECT_DOUBLE_EQ(visibleShare(rectangle(-5, 0, 5, 4), 10, 10), 0.5);
}

TEST(ShapeClip, VisiblePartsKeepTheirCorners) {
  const geo::Quad diamond = {geo::Point{10, 0}, {20, 10}, {10, 20}, {0, 10}};
  const std::vector<geo::Point> right = visiblePart(diamond, {10, -5, 30, 30});
  EXPECT_EQ(right.size(), 3U);
  EXPECT_DOUBLE_EQ(geo::area(right), 100);
  EXPECT_DOUBLE_EQ(geo::area(visiblePart(diamond, {5, 5, 15, 15})), 100) << "the square that the diamond holds";
  EXPECT_TRUE(visiblePart(diamond, {20, 0, 30, 20}).empty()) << "a corner alone has no area";
  EXPECT_TRUE(visiblePart(rectangle(1, 1, 1, 9), {0, 0, 10, 10}).empty());
}

TEST(ShapeClip, KeepsTheAngleOfATurnedBox) {
  const geo::OrientedBox box{{100, 50}, 60, 20, 30};
  const std::optional<geo::Quad> left = clippedTo(geo::corners(box), 100, 100);
  ASSERT_TRUE(left);
  const geo::OrientedBox cut = geo::minimumAreaRectangle(*left);
  EXPECT_NEAR(cut.angleDeg, 30, 1e-9);
  EXPECT_NEAR(cut.shortSide, 20, 1e-9);
  // The middle line leaves at the centre; the lower corner reaches further by half the short side over the tangent's slope.
  EXPECT_NEAR(cut.longSide, 30 + 10 * std::tan(30 * std::numbers::pi / 180), 1e-9);
}

TEST(ShapeClip, KnowsShapesWithoutArea) {
  EXPECT_TRUE(hasNoArea(rectangle(1, 1, 1, 9)));
  EXPECT_TRUE(hasNoArea({geo::Point{1, 1}, {2, 2}, {3, 3}, {4, 4}}));
  EXPECT_FALSE(hasNoArea(rectangle(1, 1, 2, 2)));
}

}  // namespace
}  // namespace orthoscribe::learn
