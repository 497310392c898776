// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/polygon.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/files.h"

namespace orthoscribe::geo {
namespace {

std::vector<Point> pointsOf(const nlohmann::json& numbers) {
  std::vector<Point> points;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
    points.push_back({numbers[i].get<double>(), numbers[i + 1].get<double>()});
  return points;
}

TEST(PolygonIou, AgreesWithTheReference) {
  const std::filesystem::path file =
      std::filesystem::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/metrics_vectors/polygon_iou.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const nlohmann::json reference = nlohmann::json::parse(readTextFile(file));
  double worst = 0;
  for (const nlohmann::json& pair : reference["pairs"]) {
    const std::string kind = pair["kind"];
    const double tolerance = reference["tolerance"][kind == "large_offset" ? "large_offset" : "iou"];
    const double expected = pair["iou"];
    const double found = polygonIou(pointsOf(pair["a"]), pointsOf(pair["b"]));
    worst = std::max(worst, std::abs(found - expected));
    EXPECT_NEAR(found, expected, tolerance) << pair.dump();
    EXPECT_NEAR(polygonIou(pointsOf(pair["b"]), pointsOf(pair["a"])), expected, tolerance) << pair.dump();
  }
  RecordProperty("worst_difference", std::to_string(worst));
}

TEST(PolygonIou, OfConcavePolygons) {
  // An L of area 3 and the square that fills its notch.
  const std::vector<Point> shape = {{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 2}, {0, 2}};
  const std::vector<Point> notch = {{1, 1}, {2, 1}, {2, 2}, {1, 2}};
  const std::vector<Point> whole = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
  EXPECT_NEAR(polygonIou(shape, notch), 0.0, 1e-12);
  EXPECT_NEAR(polygonIou(shape, whole), 0.75, 1e-12);
  EXPECT_NEAR(polygonIou(shape, shape), 1.0, 1e-12);
  // Two combs whose teeth cross: shares six separate squares.
  const std::vector<Point> comb = {{0, 0}, {5, 0}, {5, 4}, {4, 4}, {4, 1}, {3, 1},
                                   {3, 4}, {2, 4}, {2, 1}, {1, 1}, {1, 4}, {0, 4}};
  const std::vector<Point> bar = {{-1, 2}, {6, 2}, {6, 3}, {-1, 3}};
  EXPECT_NEAR(intersectionArea(comb, bar), 3.0, 1e-12);
  EXPECT_NEAR(intersectionArea(bar, comb), 3.0, 1e-12);
}

TEST(PolygonIou, TakesTheHullOfAPolygonThatCrossesItself) {
  const std::vector<Point> bow = {{0, 0}, {2, 2}, {2, 0}, {0, 2}};
  const std::vector<Point> square = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
  EXPECT_NEAR(polygonIou(bow, square), 1.0, 1e-12);
  // A pentagram turns one way only, and still crosses itself.
  std::vector<Point> star;
  for (int i = 0; i < 5; ++i) star.push_back({std::cos(i * 4 * M_PI / 5), std::sin(i * 4 * M_PI / 5)});
  EXPECT_NEAR(polygonIou(star, convexHull(star)), 1.0, 1e-12);
}

TEST(PolygonIou, OfNothingIsNothing) {
  const std::vector<Point> square = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
  const std::vector<Point> line = {{0.1, 0.1}, {0.2, 0.2}, {0.3, 0.3}, {0.7, 0.7}};
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(polygonIou({}, square), 0);
  EXPECT_EQ(polygonIou(line, line), 0);
  EXPECT_EQ(polygonIou(square, std::vector<Point>{{0, 0}, {infinity, 0}, {1, 1}}), 0);
  EXPECT_EQ(polygonIou(std::vector<Point>{{std::nan(""), 0}, {1, 0}, {1, 1}}, square), 0);
}

TEST(PolygonIou, HoldsFarFromTheOrigin) {
  const std::vector<Point> a = {{5e6, 5e6}, {5e6 + 10, 5e6}, {5e6 + 10, 5e6 + 10}, {5e6, 5e6 + 10}};
  const std::vector<Point> b = {{5e6 + 5, 5e6}, {5e6 + 15, 5e6}, {5e6 + 15, 5e6 + 10}, {5e6 + 5, 5e6 + 10}};
  EXPECT_NEAR(polygonIou(a, b), 1.0 / 3.0, 1e-12);
}

TEST(ConvexHull, LeavesOutWhatLiesInsideOrOnASide) {
  const std::vector<Point> points = {{0, 0}, {1, 0}, {2, 0}, {2, 2}, {1, 1}, {0, 2}, {0, 1}, {0, 0}};
  EXPECT_EQ(convexHull(points), (std::vector<Point>{{0, 0}, {2, 0}, {2, 2}, {0, 2}}));
}

}  // namespace
}  // namespace orthoscribe::geo
