// SPDX-License-Identifier: GPL-2.0-or-later
// Classifying, finding what a phrase means, and comparing two dates, in front of a model that reads the picture.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/tasks/change.h"
#include "core/tasks/classify.h"
#include "core/tasks/ground.h"
#include "tests/unit/tasks/coded_scene.h"

namespace orthoscribe::tasks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr geo::Geotransform kTurned = {{500000, 0.433, 0.25, 4000000, 0.25, -0.433}};

class FamilyTasks : public testing::Test {
 protected:
  // The first shape's sides lie along (4, 3) and (-3, 4): its corners are whole pixels.
  FamilyTasks() {
    scene.shapes = {{"ship", {{105, 60}, 20, 10, std::atan2(3.0, 4.0) * 180.0 / std::numbers::pi}},
                    {"ship", {{105, 90}, 20, 10, 0}}};
  }

  geo::GdalRaster open(const geo::MadeRaster& made, const std::string& name = "scene.tif") {
    made.write(folder.path() / name);
    return geo::GdalRaster((folder.path() / name).string());
  }
  geo::GdalRaster openTurned() {
    geo::MadeRaster made = scene.raster();
    made.transform = kTurned;
    return open(made);
  }
  ScriptedModel saying(const char* dialect, const std::string& answer) {
    return ScriptedModel(codedModelInfo(dialect, 400), [this, answer](const std::vector<Message>& messages) {
      asked = messages;
      return answer;
    });
  }

  TemporaryDirectory folder;
  CodedScene scene;
  std::vector<Message> asked;
};

TEST_F(FamilyTasks, ClassifyChoosesWhatTheAnswerNames) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model = saying("rscovlm_polygon", "The image shows a Harbor.");
  ClassifyOptions options;
  options.classes = {"forest", " harbor ", "forest"};
  const ClassifyReport report = classify(raster, model, options, {});
  EXPECT_EQ(report.chosen, "harbor");
  EXPECT_THAT(report.classes, ElementsAre("forest", "harbor"));
  EXPECT_DOUBLE_EQ(report.score.value_or(0), 1.0);
  EXPECT_EQ(asked.back().text, "Classify the image within one of the given classes:forest,harbor.");
  EXPECT_TRUE(report.look.warnings.empty());
}

TEST_F(FamilyTasks, ClassifyKnowsTheFamilysOwnClasses) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel starter = saying("starter", "storage tanks");
  EXPECT_EQ(classify(raster, starter, {}, {}).chosen, "storage tanks");
  EXPECT_EQ(asked.back().text, "What kind of scene is this?");
  ScriptedModel rscovlm = saying("rscovlm_polygon", "bare land");
  EXPECT_EQ(classify(raster, rscovlm, {}, {}).chosen, "BareLand");
}

TEST_F(FamilyTasks, ClassifySaysWhenTheAnswerDoesNotChoose) {
  geo::GdalRaster raster = open(scene.raster());
  ClassifyOptions options;
  options.classes = {"forest", "harbor"};
  ScriptedModel lost = saying("skynova", "A nice day.");
  const ClassifyReport none = classify(raster, lost, options, {});
  EXPECT_EQ(none.chosen, "");
  EXPECT_FALSE(none.score);
  EXPECT_THAT(none.look.warnings, ElementsAre(HasSubstr("A nice day.")));
  ScriptedModel torn = saying("skynova", "Harbor, or perhaps forest");
  const ClassifyReport several = classify(raster, torn, options, {});
  EXPECT_EQ(several.chosen, "harbor");
  EXPECT_THAT(several.look.warnings, ElementsAre(HasSubstr("several")));
  options.classes = {"forest"};
  EXPECT_THROW(classify(raster, torn, options, {}), Error);
}

struct Grounded {
  const char* dialect;
  BoxShape shape;
  int side;  // of the area, such that one unit of the grammar is at most a pixel
};

class GroundPosition : public FamilyTasks, public testing::WithParamInterface<Grounded> {};

TEST_P(GroundPosition, LiesWithinHalfAPixelOnATurnedRaster) {
  geo::GdalRaster raster = openTurned();
  ScriptedModel model(codedModelInfo(GetParam().dialect, 400), [this](const std::vector<Message>& messages) {
    if (messages.size() == 2 && messages[0].text.find("'x1,y1,x2,y2 object'") != std::string::npos) {
      return std::string("54,45,76,65 ship at the pier\n55,80,75,90 ship at the pier\n");  // RSCoVLM's upright lines
    }
    return answerFromPicture(scene, GetParam().dialect, messages);
  });
  GroundOptions options;
  options.shape = GetParam().shape;
  options.look.area = geo::PixelRect{40, 5, GetParam().side, GetParam().side};
  const GroundReport report = ground(raster, model, "ship at the pier", options, {});
  ASSERT_EQ(report.detections.size(), 2U) << report.look.text;
  EXPECT_EQ(report.shape, GetParam().shape);
  const bool turned = GetParam().shape == BoxShape::Turned;
  const std::vector<geo::Quad> expected = {
      turned ? geo::corners(scene.shapes[0].box) : geo::Quad{geo::Point{94, 50}, {116, 50}, {116, 70}, {94, 70}},
      geo::corners(scene.shapes[1].box)};
  const geo::Geotransform toPixel = kTurned.inverse();
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(report.detections[i].label, "ship at the pier");
    for (const geo::Point& corner : expected[i]) {
      double nearest = 1e9;
      for (const geo::Point& map : report.detections[i].mapQuad) {
        const geo::Point pixel = toPixel.toMap(map);
        nearest = std::min(nearest, std::hypot(pixel.x - corner.x, pixel.y - corner.y));
      }
      EXPECT_LE(nearest, 0.5) << corner.x << ", " << corner.y;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, GroundPosition,
    testing::Values(Grounded{"rscovlm_polygon", BoxShape::Turned, 252}, Grounded{"rscovlm_polygon", BoxShape::Upright, 252},
                    Grounded{"skynova", BoxShape::Turned, 100}, Grounded{"skynova", BoxShape::Upright, 100},
                    Grounded{"geochat", BoxShape::Turned, 100}, Grounded{"geochat", BoxShape::Upright, 100},
                    Grounded{"qwen2_5_vl", BoxShape::Upright, 112}, Grounded{"qwen3_vl", BoxShape::Upright, 125},
                    Grounded{"internvl", BoxShape::Upright, 125}),
    [](const auto& chosen) { return std::string(chosen.param.dialect) + "_" + std::string(nameOf(chosen.param.shape)); });

TEST_F(FamilyTasks, GroundRefusesWhatTheFamilyCannotDo) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel starter = saying("starter", "ship 1 2 3 4 5");
  ScriptedModel qwen = saying("qwen2_5_vl", "");
  const auto refusal = [&](ScriptedModel& model, const char* phrase, std::optional<BoxShape> shape) {
    GroundOptions options;
    options.shape = shape;
    try {
      ground(raster, model, phrase, options, {});
    } catch (const Error& error) {
      return error.message() + " " + error.hint();
    }
    return std::string();
  };
  EXPECT_THAT(refusal(starter, "the ship", {}), HasSubstr("rscovlm_polygon"));
  EXPECT_THAT(refusal(qwen, "the ship", BoxShape::Turned), HasSubstr("turned boxes"));
  EXPECT_THAT(refusal(qwen, " ", {}), HasSubstr("phrase is empty"));
  EXPECT_EQ(starter.calls() + qwen.calls(), 0);
  const GroundReport report = ground(raster, qwen, "the ship", {}, {});
  EXPECT_TRUE(report.detections.empty());
  EXPECT_THAT(report.look.warnings, ElementsAre(HasSubstr("no box")));
}

TEST_F(FamilyTasks, ChangeShowsBothDatesOverTheSameGround) {
  geo::GdalRaster after = openTurned();
  // The other date lies north up on another grid; its blue band says so, red and green where a pixel lies on the turned grid.
  geo::MadeRaster earlier;
  earlier.width = 700;
  earlier.height = 700;
  earlier.transform = geo::Geotransform{{499980, 0.4, 0, 4000100, 0, -0.4}};
  earlier.value = [toPixel = kTurned.inverse(), transform = *earlier.transform](int band, int column, int row) {
    const geo::Point pixel = toPixel.toMap(transform.toMap({column + 0.5, row + 0.5}));
    return band == 1 ? std::clamp(pixel.x, 0.0, 250.0) : band == 2 ? std::clamp(pixel.y, 0.0, 250.0) : 7.0;
  };
  geo::GdalRaster before = open(earlier, "before.tif");
  ScriptedModel model = saying("skynova", "A ship has left.");
  LookOptions options;
  options.area = geo::PixelRect{60, 30, 120, 100};
  const LookReport report = askChange(after, before, model, "What has left?", options, {}, {});
  EXPECT_EQ(report.text, "A ship has left.");
  ASSERT_EQ(asked.back().images.size(), 2U);
  const RgbImage& then = asked.back().images[0];
  const RgbImage& now = asked.back().images[1];
  EXPECT_EQ(originOf(now), (geo::Point{60, 30}));
  ASSERT_EQ(then.width, now.width);
  ASSERT_EQ(then.height, now.height);
  for (const auto& [column, row] :
       {std::pair{0, 0}, std::pair{119, 0}, std::pair{60, 50}, std::pair{0, 99}, std::pair{119, 99}}) {
    EXPECT_NEAR(then.at(column, row)[0], 60 + column + 0.5, 1.0) << column << ", " << row;
    EXPECT_NEAR(then.at(column, row)[1], 30 + row + 0.5, 1.0) << column << ", " << row;
    EXPECT_EQ(then.at(column, row)[2], 7);
  }
}

TEST_F(FamilyTasks, ChangeRefusesPlainly) {
  geo::GdalRaster after = open(scene.raster());
  geo::MadeRaster away = scene.raster();
  away.transform = geo::Geotransform{{900000, 0.5, 0, 4000000, 0, -0.5}};
  geo::GdalRaster elsewhere = open(away, "elsewhere.tif");
  ScriptedModel starter = saying("starter", "no");
  ScriptedModel skynova = saying("skynova", "no");
  try {
    askChange(after, after, starter, "", {}, {}, {});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
    EXPECT_THAT(error.what(), HasSubstr("skynova"));
  }
  try {
    askChange(after, elsewhere, skynova, "", {}, {}, {});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_THAT(error.what(), HasSubstr("elsewhere.tif"));
  }
  EXPECT_EQ(starter.calls() + skynova.calls(), 0);
}

}  // namespace
}  // namespace orthoscribe::tasks
