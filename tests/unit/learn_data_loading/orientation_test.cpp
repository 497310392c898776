// SPDX-License-Identifier: GPL-2.0-or-later
// Corners must follow the pixels through every orientation.
#include "core/learn/data/loading/orientation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <tuple>

#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

TEST(Orientation, MarkersAndCornersStayTogether) {
  RgbImage image(90, 60);
  const geo::Point markers[] = {{3, 5}, {80, 7}, {70, 50}, {20, 40}};
  std::uint8_t colour = 50;
  for (const geo::Point& marker : markers) image.at(int(marker.x), int(marker.y))[0] = colour += 50;
  std::set<std::string> distinct;
  for (const Orientation& orientation : orientations()) {
    const RgbImage turned = orientation.turned(image);
    EXPECT_EQ(turned.width, orientation.swapsAxes() ? 60 : 90);
    colour = 50;
    for (const geo::Point& marker : markers) {
      const geo::Point centre = orientation.turned(geo::Point{marker.x + 0.5, marker.y + 0.5}, 90, 60);
      EXPECT_EQ(turned.at(int(std::floor(centre.x)), int(std::floor(centre.y)))[0], colour += 50)
          << orientation.mirrored << orientation.quarterTurns;
    }
    distinct.emplace(turned.pixels.begin(), turned.pixels.end());
  }
  EXPECT_EQ(distinct.size(), 8u);
}

TEST(Orientation, QuadFollowsADrawnShape) {
  const LabelledShape ship = test::turnedShape("ship", {40, 30}, 40, 10, 25);
  RgbImage image(100, 70);
  const auto drawn = [](const geo::Quad& quad, geo::Point point) {
    for (std::size_t i = 0; i < 4; ++i) {
      const geo::Point a = quad[i];
      const geo::Point b = quad[(i + 1) % 4];
      if ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) < 0) return false;
    }
    return true;
  };
  for (int row = 0; row < 70; ++row) {
    for (int column = 0; column < 100; ++column) image.at(column, row)[0] = drawn(ship.quad, {column + 0.5, row + 0.5}) ? 255 : 0;
  }
  for (const Orientation& orientation : orientations()) {
    const RgbImage turned = orientation.turned(image);
    geo::Quad quad = orientation.turned(ship.quad, 100, 70);
    if (orientation.mirrored) std::swap(quad[1], quad[3]);  // it turns the other way then
    for (int row = 0; row < turned.height; ++row) {
      for (int column = 0; column < turned.width; ++column)
        ASSERT_EQ(turned.at(column, row)[0] == 255, drawn(quad, {column + 0.5, row + 0.5}));
    }
  }
}

TEST(Orientation, SidesGoWhereTheirPixelsGo) {
  const std::tuple<Side, double, double> middles[] = {
      {Side::Left, 0, 30}, {Side::Top, 45, 0}, {Side::Right, 90, 30}, {Side::Bottom, 45, 60}};
  for (const Orientation& orientation : orientations()) {
    const double width = orientation.swapsAxes() ? 60 : 90;
    const double height = orientation.swapsAxes() ? 90 : 60;
    for (const auto& [side, x, y] : middles) {
      const geo::Point there = orientation.turned(geo::Point{x, y}, 90, 60);
      const Side expected = there.x == 0 ? Side::Left : there.y == 0 ? Side::Top : there.x == width ? Side::Right : Side::Bottom;
      EXPECT_TRUE(expected != Side::Bottom || there.y == height);
      EXPECT_EQ(orientation.turned(side), expected);
    }
  }
}

}  // namespace
}  // namespace orthoscribe::learn
