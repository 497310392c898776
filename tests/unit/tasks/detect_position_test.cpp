// SPDX-License-Identifier: GPL-2.0-or-later
// Where detections land: every dialect on every kind of geotransform.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/files.h"
#include "core/tasks/detect.h"
#include "core/tasks/dialect.h"
#include "tests/unit/tasks/coded_scene.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kLargestErrorPx = 0.5;

// Sides along (4, 3) and (-3, 4) have corners at whole pixels, so that grammars of whole numbers can spell them.
const double kAngle = std::atan2(3.0, 4.0) * 180.0 / std::numbers::pi;

CodedScene sceneOf(bool turned) {
  const double a = turned ? kAngle : 0.0;
  const double b = turned ? kAngle - 90.0 : -90.0;
  CodedScene scene;
  scene.shapes = {{"airplane", {{40, 35}, 20, 10, a}},   {"ship", {{105, 60}, 20, 10, b}},
                  {"airplane", {{160, 118}, 20, 10, b}}, {"ship", {{76, 150}, 20, 10, a}},
                  {"airplane", {{240, 40}, 20, 10, a}},  {"airplane", {{271, 225}, 20, 10, a}},
                  {"ship", {{170, 215}, 20, 10, b}},     {"airplane", {{22, 236}, 20, 10, a}}};
  return scene;
}

struct Spoken {
  const char* dialect;
  int imageSidePx;  // such that one unit of the grammar is at most a pixel
  bool turned;
};

struct Placed {
  const char* name;
  geo::Geotransform transform;
  const char* crs;
};

const Spoken kSpoken[] = {{"starter", 256, true},     {"rscovlm_polygon", 252, true}, {"rscovlm_hbb", 252, false},
                          {"rscovlm_obb", 252, true}, {"skynova", 100, true},         {"lmmrotate", 200, true},
                          {"geochat", 100, true},     {"qwen2_5_vl", 112, false},     {"qwen3_vl", 125, false},
                          {"internvl", 125, false}};
const Placed kPlaced[] = {
    {"north_up", {{500000, 0.5, 0, 4000000, 0, -0.5}}, "EPSG:32633"},
    {"rotated", {{500000, 0.433, 0.25, 4000000, 0.25, -0.433}}, "EPSG:32633"},
    {"sheared", {{500000, 0.5, 0.2, 4000000, -0.1, -0.4}}, "EPSG:32633"},
    {"south_up", {{500000, 0.5, 0, 4000000, 0, 0.5}}, "EPSG:32633"},
    {"degrees", {{13.4, 5e-6, 0, 52.5, 0, -3e-6}}, "EPSG:4326"},
};

// Pixel whose map position is `map`, solved here from the six coefficients.
geo::Point pixelOf(const geo::Geotransform& transform, geo::Point map) {
  const auto& c = transform.c;
  const double determinant = c[1] * c[5] - c[2] * c[4];
  const double x = map.x - c[0];
  const double y = map.y - c[3];
  return {(x * c[5] - y * c[2]) / determinant, (y * c[1] - x * c[4]) / determinant};
}

double errorPx(const geo::Detection& detection, const geo::Geotransform& transform, const geo::OrientedBox& truth) {
  double largest = 0;
  for (const geo::Point& corner : geo::corners(truth)) {
    double nearest = 1e9;
    for (const geo::Point& map : detection.mapQuad) {
      const geo::Point pixel = pixelOf(transform, map);
      nearest = std::min(nearest, std::hypot(pixel.x - corner.x, pixel.y - corner.y));
    }
    largest = std::max(largest, nearest);
  }
  return largest;
}

class DetectPosition : public testing::TestWithParam<std::tuple<Spoken, Placed>> {};

TEST_P(DetectPosition, IsWithinHalfAPixelAndEachObjectIsThereOnce) {
  const auto& [spoken, placed] = GetParam();
  const CodedScene scene = sceneOf(spoken.turned);
  geo::MadeRaster made = scene.raster();
  made.transform = placed.transform;
  made.crs = placed.crs;
  const TemporaryDirectory folder;
  made.write(folder.path() / "scene.tif");
  geo::GdalRaster raster((folder.path() / "scene.tif").string());
  const auto model = codedModel(scene, spoken.dialect, spoken.imageSidePx);

  DetectOptions options;
  options.classes = {"airplane", "ship"};
  options.overlap = 0.4;
  const DetectReport report = detect(raster, *model, options, {}, {});
  EXPECT_EQ(report.tilesAsked, report.tilesTotal);
  EXPECT_GT(report.tilesTotal, 1);
  EXPECT_EQ(report.dropped, 0);
  EXPECT_EQ(report.detections.size(), scene.shapes.size());

  double largest = 0;
  for (const CodedShape& shape : scene.shapes) {
    const auto found = std::count_if(report.detections.begin(), report.detections.end(), [&](const geo::Detection& detection) {
      return detection.label == shape.label && errorPx(detection, placed.transform, shape.box) <= 3.0;
    });
    EXPECT_EQ(found, 1) << shape.label << " at " << shape.box.centre.x << ", " << shape.box.centre.y;
    double best = 1e9;
    for (const geo::Detection& detection : report.detections)
      best = std::min(best, errorPx(detection, placed.transform, shape.box));
    largest = std::max(largest, best);
  }
  RecordProperty("largest_error_px", std::to_string(largest));
  EXPECT_LE(largest, kLargestErrorPx);
}

INSTANTIATE_TEST_SUITE_P(All, DetectPosition, testing::Combine(testing::ValuesIn(kSpoken), testing::ValuesIn(kPlaced)),
                         [](const auto& chosen) {
                           return std::string(std::get<0>(chosen.param).dialect) + "_" + std::get<1>(chosen.param).name;
                         });

TEST(DetectPositions, AreTriedInEveryDialect) {
  for (const std::string_view name : dialectNames()) {
    EXPECT_TRUE(std::any_of(std::begin(kSpoken), std::end(kSpoken), [&](const Spoken& spoken) { return spoken.dialect == name; }))
        << name << " needs a line in kSpoken";
  }
}

// Two raster pixels for one of the picture: the model looks at colours, not at the code.
TEST(DetectResolution, FollowsWhatTheModelWasTrainedOn) {
  geo::MadeRaster made;
  made.width = 200;
  made.height = 160;
  made.value = [](int, int column, int row) { return column >= 60 && column < 120 && row >= 40 && row < 70 ? 250.0 : 20.0; };
  const TemporaryDirectory folder;
  made.write(folder.path() / "scene.tif");
  geo::GdalRaster raster((folder.path() / "scene.tif").string());
  ModelInfo info = codedModelInfo("rscovlm_polygon", 112);
  info.groundResolutionM = 1.0;  // the raster has 0.5 m a pixel
  ScriptedModel model(info, [](const std::vector<Message>& messages) {
    const RgbImage& picture = messages.back().images.at(0);
    const Dialect& dialect = dialectNamed("rscovlm_polygon");
    int left = picture.width, top = picture.height, right = -1, bottom = -1;
    for (int row = 0; row < picture.height; ++row) {
      for (int column = 0; column < picture.width; ++column) {
        if (picture.at(column, row)[0] < 135) continue;
        left = std::min(left, column);
        right = std::max(right, column);
        top = std::min(top, row);
        bottom = std::max(bottom, row);
      }
    }
    if (right < 0) return std::string("There are none.");
    const geo::OrientedBox box =
        geo::makeOrientedBox({(left + right + 1) / 2.0, (top + bottom + 1) / 2.0}, right + 1 - left, bottom + 1 - top, 0);
    return dialect.format(box, "building", dialect.frameOf(picture.width, picture.height));
  });
  DetectOptions options;
  options.classes = {"building"};
  const DetectReport report = detect(raster, model, options, {}, {});
  EXPECT_NEAR(report.gsdM, 1.0, 0.02);
  ASSERT_EQ(report.detections.size(), 1U);
  EXPECT_LE(errorPx(report.detections[0], *made.transform, geo::makeOrientedBox({90, 55}, 60, 30, 0)), 1.5);
  options.gsdM = 0.0;
  EXPECT_NEAR(detect(raster, model, options, {}, {}).gsdM, 0.5, 0.02);
}

// The model at hand says that it makes pictures smaller than the published ones do; its numbers count those pixels.
TEST(DetectResolution, FollowsTheLimitsOfTheModelAtHand) {
  geo::MadeRaster made;
  made.width = 112;
  made.height = 112;
  const TemporaryDirectory folder;
  made.write(folder.path() / "scene.tif");
  geo::GdalRaster raster((folder.path() / "scene.tif").string());
  ModelInfo info = codedModelInfo("qwen2_5_vl", 112);
  info.resize = ResizeLimits{.factor = 28, .minPixels = 784, .maxPixels = 56 * 56};
  ScriptedModel model(
      info, [](const std::vector<Message>&) { return std::string(R"([{"bbox_2d": [10, 20, 30, 25], "label": "building"}])"); });
  DetectOptions options;
  options.classes = {"building"};
  const DetectReport report = detect(raster, model, options, {}, {});
  ASSERT_EQ(report.detections.size(), 1U);
  EXPECT_LE(errorPx(report.detections[0], *made.transform, geo::makeOrientedBox({40, 45}, 40, 10, 0)), 1e-6);
}

}  // namespace
}  // namespace orthoscribe::tasks
