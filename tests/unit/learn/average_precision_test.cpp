// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/average_precision.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::json;

std::vector<geo::Point> outlineOf(const Json& box) {
  const auto v = box.get<std::vector<double>>();
  if (v.size() == 4) return {{v[0], v[1]}, {v[2], v[1]}, {v[2], v[3]}, {v[0], v[3]}};
  return {{v[0], v[1]}, {v[2], v[3]}, {v[4], v[5]}, {v[6], v[7]}};
}

void compare(const std::optional<double>& actual, const Json& expected, const std::string& what) {
  ASSERT_EQ(actual.has_value(), !expected.is_null()) << what;
  if (actual) {
    EXPECT_NEAR(*actual, expected.get<double>(), 1e-6) << what;
  }
}

void compareReport(const PrecisionReport& report, const Json& expected, const std::string& file) {
  for (const auto& [label, one] : expected["per_class"].items()) {
    const std::string what = file + " " + label;
    ASSERT_TRUE(report.classes.contains(label)) << what;
    const ClassPrecision& precision = report.classes.at(label);
    compare(precision.elevenPoint, one["ap_11point"], what);
    compare(precision.area, one["ap_area"], what);
    EXPECT_EQ(precision.truths, one["positives"].get<int>()) << what;
    EXPECT_EQ(precision.hits, one["tp"].get<int>()) << what;
    EXPECT_EQ(precision.found - precision.hits, one["fp"].get<int>()) << what;
  }
}

TEST(AveragePrecision, AgreesWithTheReferenceVectors) {
  const std::filesystem::path folder = std::filesystem::path(ORTHOSCRIBE_SHARED_DIR) / "parity" / "public" / "metrics_vectors";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not at hand";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("detection_")) continue;
    ++files;
    const Json document = Json::parse(readTextFile(entry.path()));
    std::vector<TrueObject> truths;
    for (const Json& box : document["ground_truth"])
      truths.push_back({box["image"], box["class"], outlineOf(box["box"]), box["difficult"]});
    std::vector<FoundObject> found;
    for (const Json& box : document["detections"])
      found.push_back({box["image"], box["class"], outlineOf(box["box"]), box["score"]});
    const double threshold = document["iou_threshold"];
    compareReport(averagePrecision(truths, found, false, threshold), document["expected"], name);
    compareReport(averagePrecision(truths, found, true, threshold), document["expected_no_confidence"],
                  name + " without confidence");
  }
  EXPECT_GT(files, 0);
}

std::vector<geo::Point> square(double x) {
  return {{x, 0}, {x + 10, 0}, {x + 10, 10}, {x, 10}};
}

TEST(AveragePrecision, OrderMattersWithoutConfidence) {
  const std::vector<TrueObject> truths = {{0, "car", square(0)}, {0, "car", square(20)}};
  const std::vector<FoundObject> rightFirst = {{0, "car", square(0), 0.1}, {0, "car", square(50), 0.9}};
  const std::vector<FoundObject> wrongFirst = {rightFirst[1], rightFirst[0]};
  EXPECT_GT(*averagePrecision(truths, rightFirst, true).meanElevenPoint,
            *averagePrecision(truths, wrongFirst, true).meanElevenPoint);
  EXPECT_DOUBLE_EQ(*averagePrecision(truths, rightFirst, false).meanElevenPoint,
                   *averagePrecision(truths, wrongFirst, true).meanElevenPoint);
}

TEST(AveragePrecision, ASecondFindOfOneObjectIsWrong) {
  const PrecisionReport report = averagePrecision({{0, "car", square(0)}}, {{0, "car", square(0)}, {0, "car", square(0)}}, true);
  EXPECT_EQ(report.classes.at("car").hits, 1);
  EXPECT_EQ(report.classes.at("car").found, 2);
}

TEST(AveragePrecision, ClassesWithoutTruthAreLeftOutOfTheMean) {
  const PrecisionReport report = averagePrecision({{0, "car", square(0)}}, {{0, "car", square(0)}, {0, "ship", square(0)}}, true);
  EXPECT_DOUBLE_EQ(*report.meanElevenPoint, 1);
  EXPECT_FALSE(report.classes.at("ship").elevenPoint);
  EXPECT_FALSE(averagePrecision({}, {}, true).meanElevenPoint);
}

}  // namespace
}  // namespace orthoscribe::learn
