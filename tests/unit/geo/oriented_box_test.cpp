// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/oriented_box.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace orthoscribe::geo {
namespace {

double distance(Point a, Point b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

TEST(OrientedBox, SwapsSidesAndReducesTheAngle) {
  const OrientedBox upright = makeOrientedBox({5, 6}, 10, 30, 0);
  EXPECT_DOUBLE_EQ(upright.longSide, 30);
  EXPECT_DOUBLE_EQ(upright.shortSide, 10);
  EXPECT_DOUBLE_EQ(upright.angleDeg, -90);
  EXPECT_DOUBLE_EQ(makeOrientedBox({0, 0}, 30, 10, 90).angleDeg, -90);
  EXPECT_DOUBLE_EQ(makeOrientedBox({0, 0}, 30, 10, 270).angleDeg, -90);
  EXPECT_DOUBLE_EQ(makeOrientedBox({0, 0}, 30, 10, 190).angleDeg, 10);
  EXPECT_DOUBLE_EQ(makeOrientedBox({0, 0}, 30, 10, -725).angleDeg, -5);
  EXPECT_DOUBLE_EQ(makeOrientedBox({0, 0}, -30, -10, 20).longSide, 30);
}

TEST(OrientedBox, AngleStaysInRangeForAnyInput) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> angle(-2000, 2000);
  for (int i = 0; i < 10000; ++i) {
    const double reduced = makeOrientedBox({0, 0}, 1, 2, angle(random)).angleDeg;
    ASSERT_GE(reduced, -90);
    ASSERT_LT(reduced, 90);
  }
  for (const double edge : {90 - 1e-15, -90 - 1e-15, -1e-300, 90.0, -90.0}) {
    const double reduced = makeOrientedBox({0, 0}, 2, 1, edge).angleDeg;
    EXPECT_GE(reduced, -90) << edge;
    EXPECT_LT(reduced, 90) << edge;
  }
}

TEST(OrientedBox, CornersTurnClockwiseOnTheScreen) {
  const Quad upright = corners({{10, 20}, 8, 4, 0});
  EXPECT_EQ(upright, (Quad{Point{6, 18}, Point{14, 18}, Point{14, 22}, Point{6, 22}}));
  // Turned by 30 degrees with y down, the right end goes down.
  const Quad turned = corners({{0, 0}, 8, 4, 30});
  const double c = std::cos(std::numbers::pi / 6);
  EXPECT_NEAR(turned[1].x, 4 * c + 2 * 0.5, 1e-12);
  EXPECT_NEAR(turned[1].y, 4 * 0.5 - 2 * c, 1e-12);
}

TEST(MinimumAreaRectangle, GivesBackEveryBox) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> place(-1000, 30000);
  std::uniform_real_distribution<double> side(2, 300);
  std::uniform_real_distribution<double> angle(-90, 90);
  for (int i = 0; i < 2000; ++i) {
    OrientedBox box = makeOrientedBox({place(random), place(random)}, side(random), side(random), angle(random));
    const OrientedBox found = minimumAreaRectangle(corners(box));
    ASSERT_NEAR(distance(found.centre, box.centre), 0, 1e-7);
    // Corners rather than the angle: for a square either side is the long one.
    for (const Point& corner : corners(box)) {
      const Quad others = corners(found);
      const double nearest = std::min(
          {distance(corner, others[0]), distance(corner, others[1]), distance(corner, others[2]), distance(corner, others[3])});
      ASSERT_NEAR(nearest, 0, 1e-6) << "sides " << box.longSide << " and " << box.shortSide << " at " << box.angleDeg;
    }
  }
}

TEST(MinimumAreaRectangle, IsNoLargerThanAnyTurnedBoxAround) {
  std::mt19937 random(13);
  std::uniform_real_distribution<double> place(0, 100);
  std::vector<Point> points(40);
  for (Point& point : points) point = {place(random), place(random) * 0.4};
  const OrientedBox found = minimumAreaRectangle(points);
  const double size = found.longSide * found.shortSide;
  for (double degrees = 0; degrees < 180; degrees += 0.1) {
    const double c = std::cos(degrees * std::numbers::pi / 180);
    const double s = std::sin(degrees * std::numbers::pi / 180);
    double lowU = 1e9, highU = -1e9, lowV = 1e9, highV = -1e9;
    for (const Point& point : points) {
      lowU = std::min(lowU, point.x * c + point.y * s);
      highU = std::max(highU, point.x * c + point.y * s);
      lowV = std::min(lowV, point.y * c - point.x * s);
      highV = std::max(highV, point.y * c - point.x * s);
    }
    ASSERT_LE(size, (highU - lowU) * (highV - lowV) + 1e-9) << degrees;
  }
  const Quad around = corners(found);
  for (const Point& point : points) {
    const std::vector<Point> fan = {around[0], around[1], around[2], around[3], point};
    EXPECT_NEAR(area(convexHull(fan)), size, 1e-6);
  }
}

TEST(MinimumAreaRectangle, OfFewPointsHasNoArea) {
  EXPECT_EQ(minimumAreaRectangle({}).longSide, 0);
  const std::vector<Point> same = {{3, 4}, {3, 4}, {3, 4}};
  EXPECT_EQ(minimumAreaRectangle(same).centre, (Point{3, 4}));
  EXPECT_EQ(minimumAreaRectangle(same).longSide, 0);
  const std::vector<Point> line = {{0, 0}, {1, 1}, {3, 3}, {2, 2}};
  const OrientedBox box = minimumAreaRectangle(line);
  EXPECT_NEAR(box.longSide, std::hypot(3, 3), 1e-12);
  EXPECT_NEAR(box.shortSide, 0, 1e-12);
  EXPECT_NEAR(box.angleDeg, 45, 1e-9);
}

}  // namespace
}  // namespace orthoscribe::geo
