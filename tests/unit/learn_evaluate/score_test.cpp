// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/score.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/learn/metrics/box_overlap.h"
#include "core/learn/metrics/detection_section.h"
#include "core/learn/metrics/threshold_sweep.h"

namespace orthoscribe::learn {
namespace {

// Values of statsmodels' proportion_confint(method="wilson").
TEST(Score, IntervalIsWilsons) {
  EXPECT_NEAR(wilsonInterval(8, 10).low, 0.4901624715, 1e-9);
  EXPECT_NEAR(wilsonInterval(8, 10).high, 0.9433178485, 1e-9);
  EXPECT_EQ(wilsonInterval(0, 10).low, 0);
  EXPECT_NEAR(wilsonInterval(0, 10).high, 0.2775327998, 1e-9);
  EXPECT_EQ(wilsonInterval(10, 10).high, 1);
  EXPECT_NEAR(wilsonInterval(10, 10).low, 0.7224672002, 1e-9);
  EXPECT_EQ(wilsonInterval(0, 0).high, 1);
}

geo::Quad box(double left, double top, double side) {
  return {geo::Point{left, top}, {left + side, top}, {left + side, top + side}, {left, top + side}};
}
std::vector<geo::Point> outline(double left, double top, double side) {
  const geo::Quad quad = box(left, top, side);
  return {quad.begin(), quad.end()};
}

TEST(BoxOverlap, UprightBoxesMustShareMoreThanOnePixel) {
  EXPECT_DOUBLE_EQ(uprightOverlap(box(0, 0, 10), box(5, 0, 10)), 50.0 / 150.0);
  EXPECT_EQ(uprightOverlap(box(0, 0, 10), box(9, 0, 10)), 0);
  EXPECT_GT(uprightOverlap(box(0, 0, 10), box(8.9, 0, 10)), 0);
}

struct Scene {
  std::vector<TrueObject> truths = {
      {0, "ship", outline(0, 0, 10), false}, {0, "ship", outline(100, 0, 10), false}, {0, "car", outline(200, 0, 10), false}};
  std::vector<FoundObject> found = {{0, "ship", outline(0, 0, 10), 0.9},
                                    {0, "ship", outline(300, 0, 10), 0.5},
                                    {0, "ship", outline(100, 1, 10), 0.4},
                                    {0, "ship", outline(200, 0, 10), 0.3}};
};

TEST(ThresholdSweep, KeepsWhatIsAboveAndTakesTheLowestOfTheBest) {
  const Scene scene;
  const ThresholdSweep sweep = sweepThresholds(scene.truths, scene.found);
  ASSERT_EQ(sweep.points.size(), 20u);
  EXPECT_EQ(sweep.points[0].found.asked, 4);
  EXPECT_EQ(sweep.points[10].found.asked, 1) << "0.5 is not above 0.5";
  EXPECT_EQ(sweep.points[10].threshold, 0.5);
  EXPECT_EQ(sweep.points[19].found.asked, 0);
  EXPECT_EQ(sweep.points[0].truths.right, 2);
  EXPECT_EQ(sweep.points[0].truths.asked, 3);
  for (const SweepPoint& point : sweep.points) EXPECT_LE(*point.meanPrecision, *sweep.points[sweep.best].meanPrecision);
  EXPECT_EQ(sweep.best, 0u);
}

TEST(Detection, TellsWhatWasTakenForWhat) {
  const Scene scene;
  const DetectionFindings findings = judgeDetections(scene.truths, scene.found, {.scores = true, .coco = true});
  EXPECT_EQ(findings.confusion.truths, (std::vector<std::string>{"car", "ship", "nothing"}));
  EXPECT_EQ(findings.confusion.answers, (std::vector<std::string>{"car", "ship", "missed"}));
  EXPECT_EQ(findings.confusion.counts, (std::vector<std::vector<int>>{{0, 1, 0}, {0, 2, 0}, {0, 1, 0}}));
  ASSERT_TRUE(findings.scored);
  const ClassPrecision& ships = findings.scored->classes.at("ship");
  ASSERT_EQ(ships.judged.size(), 4u);
  EXPECT_EQ(ships.judged[0].truth, 0u);
  EXPECT_EQ(ships.judged[2].truth, 1u);
  EXPECT_NEAR(ships.judged[2].overlap, 90.0 / 110.0, 1e-9);
  EXPECT_FALSE(ships.judged[1].truth);
  const auto json = detectionJson(findings);
  EXPECT_EQ(json["recall"]["right"], 2);
  EXPECT_EQ(json["recall"]["asked"], 3);
  EXPECT_TRUE(json["classes"]["car"]["ap_nc"].is_number());
}

}  // namespace
}  // namespace orthoscribe::learn
