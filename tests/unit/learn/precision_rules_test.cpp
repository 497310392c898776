// SPDX-License-Identifier: GPL-2.0-or-later
// How curves are averaged, and where COCO's rules part from VOC's.
#include <gtest/gtest.h>

#include "core/learn/metrics/average_precision.h"
#include "core/learn/metrics/coco_precision.h"

namespace orthoscribe::learn {
namespace {

std::vector<geo::Point> square(double x) {
  return {{x, 0}, {x + 10, 0}, {x + 10, 10}, {x, 10}};
}

TEST(PrecisionCurve, AveragesAHandMadeCurve) {
  // Right, wrong, right of two objects.
  const PrecisionCurve curve{.recall = {0.5, 0.5, 1}, .precision = {1, 0.5, 2.0 / 3}};
  EXPECT_NEAR(elevenPointAverage(curve), (6 * 1 + 5 * 2.0 / 3) / 11, 1e-12);
  EXPECT_NEAR(areaUnderEnvelope(curve), 0.5 * 1 + 0.5 * 2 / 3, 1e-12);
  EXPECT_NEAR(hundredAndOnePointAverage(curve), (51 * 1 + 50 * 2.0 / 3) / 101, 1e-12);
  EXPECT_EQ(elevenPointAverage({}), 0);
}

TEST(PrecisionCurve, ThreeTenthsDoNotReachTheThirdPoint) {
  const PrecisionCurve curve{.recall = {0.1, 0.2, 0.3}, .precision = {1, 1, 1}};
  EXPECT_NEAR(elevenPointAverage(curve), 3.0 / 11, 1e-12);
}

TEST(AveragePrecision, TellsWhatBecameOfEveryDetection) {
  const std::vector<TrueObject> truths = {{0, "car", square(0)}, {0, "car", square(40), true}};
  const std::vector<FoundObject> found = {
      {0, "car", square(40), 0.5}, {0, "ship", square(0), 0.9}, {0, "car", square(80), 0.6}, {0, "car", square(0), 0.7}};
  const ClassPrecision car = averagePrecision(truths, found, false).classes.at("car");
  ASSERT_EQ(car.judged.size(), 3u);
  EXPECT_EQ(car.judged[0].found, 3u);
  EXPECT_EQ(car.judged[0].verdict, Verdict::Hit);
  EXPECT_EQ(car.judged[1].found, 2u);
  EXPECT_EQ(car.judged[1].verdict, Verdict::Miss);
  EXPECT_EQ(car.judged[2].verdict, Verdict::Ignored);
  EXPECT_EQ(car.curve.precision, (std::vector<double>{1, 0.5}));
}

TEST(CocoPrecision, AveragesOverTenThresholds) {
  const std::vector<TrueObject> truths = {{0, "car", square(0)}, {0, "car", square(40)}};
  // The second overlaps by 8 / 12, which four of the thresholds allow.
  const CocoReport report = cocoPrecision(truths, {{0, "car", square(0), 0.9}, {0, "car", square(42), 0.8}});
  EXPECT_NEAR(*report.mean50, 1, 1e-12);
  EXPECT_NEAR(*report.mean75, 51.0 / 101, 1e-12);
  EXPECT_NEAR(*report.mean, (4 + 6 * 51.0 / 101) / 10, 1e-12);
}

TEST(CocoPrecision, ADetectionTakesTheNextObjectWhenItsBestIsTaken) {
  const std::vector<TrueObject> truths = {{0, "car", square(0)}, {0, "car", square(2)}};
  const std::vector<FoundObject> found = {{0, "car", square(0), 0.9}, {0, "car", square(0), 0.8}};
  EXPECT_NEAR(*cocoPrecision(truths, found).mean50, 1, 1e-12);
  EXPECT_LT(*averagePrecision(truths, found, false).meanArea, 0.6);
}

TEST(CocoPrecision, DifficultObjectsCountForNothing) {
  const std::vector<TrueObject> truths = {{0, "car", square(0)}, {0, "car", square(40), true}, {1, "ship", square(0), true}};
  const std::vector<FoundObject> found = {
      {0, "car", square(40), 0.9}, {0, "car", square(40), 0.8}, {0, "car", square(0), 0.7}, {1, "ship", square(0), 0.5}};
  const CocoReport report = cocoPrecision(truths, found);
  EXPECT_NEAR(*report.mean, 1, 1e-12);
  EXPECT_FALSE(report.classes.contains("ship"));
  EXPECT_FALSE(cocoPrecision({}, found).mean);
}

TEST(CocoPrecision, OnlyTheHundredHighestScoresOfAPictureCount) {
  std::vector<FoundObject> found;
  for (int index = 0; index < 100; ++index) found.push_back({0, "car", square(100 + 20 * index), 0.9});
  found.push_back({0, "car", square(0), 0.1});
  EXPECT_EQ(*cocoPrecision({{0, "car", square(0)}}, found).mean, 0);
  found.erase(found.begin());
  EXPECT_NEAR(*cocoPrecision({{0, "car", square(0)}}, found).mean, 0.01, 1e-12);
}

}  // namespace
}  // namespace orthoscribe::learn
