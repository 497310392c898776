// SPDX-License-Identifier: GPL-2.0-or-later
// The zoom-in chain with a scripted model: what it is shown, where that lies, and how the chain ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/tasks/zoom.h"
#include "tests/unit/tasks/coded_scene.h"

namespace orthoscribe::tasks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr geo::Geotransform kTurned = {{500000, 0.433, 0.25, 4000000, 0.25, -0.433}};

std::string call(int x1, int y1, int x2, int y2) {
  return "<tool_call>\n{\"name\": \"image_zoom_in\", \"arguments\": {\"bbox\": [" + std::to_string(x1) + ", " +
         std::to_string(y1) + ", " + std::to_string(x2) + ", " + std::to_string(y2) + "]}}\n</tool_call>";
}

class Zoom : public testing::Test {
 protected:
  Zoom() {
    scene.width = 1900;
    scene.height = 1300;
    geo::MadeRaster made = scene.raster();
    made.transform = kTurned;
    made.write(folder.path() / "scene.tif");
    raster = std::make_unique<geo::GdalRaster>((folder.path() / "scene.tif").string());
  }

  // Answers one after the other; the last again and again.
  LookReport run(const char* dialect, std::vector<std::string> answers, ZoomOptions zoom = {}, LookOptions options = {}) {
    model = std::make_unique<ScriptedModel>(codedModelInfo(dialect, 400), [this, answers](const std::vector<Message>& messages) {
      turns.push_back(messages);
      return answers[std::min(turns.size(), answers.size()) - 1];
    });
    turns.clear();
    told.clear();
    streamed.clear();
    zoom.onStep = [this](const ZoomStep& step) { told.push_back(step); };
    return askZooming(*raster, *model, "What is at the pier?", options, zoom,
                      [this](const GeneratedToken& token) { streamed += token.text; }, {});
  }

  TemporaryDirectory folder;
  CodedScene scene;
  std::unique_ptr<geo::GdalRaster> raster;
  std::unique_ptr<ScriptedModel> model;
  std::vector<std::vector<Message>> turns;
  std::vector<ZoomStep> told;
  std::string streamed;
};

TEST_F(Zoom, ShowsThePlaceFromTheRasterItself) {
  // The overview of 1008 x 690 is seen as 1008 x 700 (multiples of 28).
  const LookReport report = run("rscovlm_polygon", {call(504, 350, 604, 420), "A crane."});
  EXPECT_EQ(report.text, "A crane.");
  EXPECT_EQ(streamed, "A crane.") << "the request is not for the user";
  EXPECT_TRUE(report.warnings.empty());
  EXPECT_EQ(report.pictureWidth, 1008);
  EXPECT_EQ(report.usage.promptTokens, 2);
  ASSERT_EQ(report.steps.size(), 1U);
  const ZoomStep& step = report.steps[0];
  EXPECT_EQ(step.source, (geo::PixelRect{950, 650, 188, 130}));  // 604 * 1900 / 1008 = 1138.5, 420 * 1300 / 700 = 780

  ASSERT_EQ(turns.size(), 2U);
  ASSERT_EQ(turns[1].size(), 4U) << "system, question, call, place";
  EXPECT_EQ(turns[1][1].images.size(), 1U);
  EXPECT_EQ(turns[1][2].role, Role::Assistant);
  const RgbImage& part = turns[1][3].images.at(0);
  EXPECT_EQ(part.width, int(step.source.width));
  EXPECT_EQ(part.height, int(step.source.height));
  // Pixel by pixel what the raster holds there.
  for (int row = 0; row < part.height; ++row) {
    for (int column = 0; column < part.width; ++column) {
      const std::int64_t x = step.source.column + column;
      const std::int64_t y = step.source.row + row;
      ASSERT_EQ(part.at(column, row)[0], x % 256);
      ASSERT_EQ(part.at(column, row)[1], y % 256);
      ASSERT_EQ(part.at(column, row)[2], x / 256 + y / 256 * 8);
    }
  }
}

TEST_F(Zoom, StepsLieOnTheMapWithinHalfAPixel) {
  for (const auto& [dialect, unitX, unitY] : {std::tuple{"rscovlm_polygon", 1008.0, 700.0},
                                              std::tuple{"qwen2_5_vl", 1008.0, 700.0}, std::tuple{"qwen3_vl", 1000.0, 1000.0}}) {
    for (const auto& place : {std::array{101, 57, 333, 299}, std::array{0, 0, 91, 77}, std::array{901, 603, 977, 671}}) {
      const LookReport report = run(dialect, {call(place[0], place[1], place[2], place[3]), "A crane."});
      ASSERT_EQ(report.steps.size(), 1U) << dialect;
      ASSERT_EQ(told.size(), 1U);
      const geo::Geotransform toPixel = kTurned.inverse();
      const double left = place[0] * 1900 / unitX, top = place[1] * 1300 / unitY;
      const double right = place[2] * 1900 / unitX, bottom = place[3] * 1300 / unitY;
      const geo::Quad expected = {geo::Point{left, top}, {right, top}, {right, bottom}, {left, bottom}};
      for (std::size_t i = 0; i < 4; ++i) {
        const geo::Point pixel = toPixel.toMap(told[0].map[i]);
        EXPECT_LE(std::abs(pixel.x - expected[i].x), 0.5 + 1e-6) << dialect << " " << i;
        EXPECT_LE(std::abs(pixel.y - expected[i].y), 0.5 + 1e-6) << dialect << " " << i;
      }
    }
  }
}

TEST_F(Zoom, WorksInsideAnArea) {
  LookOptions options;
  options.area = geo::PixelRect{300, 100, 1512, 1050};  // seen as 1008 x 700
  const LookReport report = run("rscovlm_polygon", {call(100, 100, 200, 200), "A crane."}, {}, options);
  ASSERT_EQ(report.steps.size(), 1U);
  EXPECT_EQ(report.steps[0].source, (geo::PixelRect{450, 250, 150, 150}));
  EXPECT_EQ(originOf(turns[1].back().images.at(0)), (geo::Point{450, 250}));
}

TEST_F(Zoom, LargePlacesAreShrunkToThePixelsOfOnePicture) {
  const LookReport report = run("rscovlm_polygon", {call(0, 0, 1008, 500), "A crane."});
  ASSERT_EQ(report.steps.size(), 1U);
  EXPECT_LE(report.steps[0].pictureWidth * report.steps[0].pictureHeight, 1010 * 1010);
  EXPECT_GT(report.steps[0].pictureWidth, 1008) << "more than the overview showed";
}

TEST_F(Zoom, SmallAreasAndOtherFamiliesAreAskedAtOnce) {
  LookOptions small;
  small.area = geo::PixelRect{0, 0, 1008, 700};
  EXPECT_EQ(run("rscovlm_polygon", {"A crane."}, {}, small).text, "A crane.");
  EXPECT_EQ(turns[0].back().text, "What is at the pier?");
  run("skynova", {"A crane."});
  EXPECT_EQ(turns[0].size(), 1U);
  ZoomOptions off;
  off.mode = ZoomMode::Off;
  run("rscovlm_polygon", {"A crane."}, off);
  EXPECT_EQ(turns[0].size(), 1U);
  ZoomOptions on;
  on.mode = ZoomMode::On;
  run("rscovlm_polygon", {"A crane."}, on, small);
  EXPECT_EQ(turns[0].size(), 2U) << "asked for, though the area is small";
  try {
    run("skynova", {"A crane."}, on);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
    EXPECT_THAT(error.what(), HasSubstr("rscovlm_polygon"));
  }
}

TEST_F(Zoom, AnswersWithoutACallAreAnswers) {
  const LookReport report = run("rscovlm_polygon", {"{A crane.}"});
  EXPECT_EQ(report.text, "{A crane.}");
  EXPECT_EQ(streamed, "{A crane.}") << "held back until it is known to be an answer";
  EXPECT_TRUE(report.steps.empty());
  EXPECT_EQ(model->calls(), 1);
}

TEST_F(Zoom, PlacesThatCannotBeReadGetASecondChance) {
  const LookReport report = run("rscovlm_polygon", {"<tool_call>{\"bbox\": [1, 2]}", call(0, 0, 50, 50), "A crane."});
  EXPECT_EQ(report.text, "A crane.");
  EXPECT_EQ(report.steps.size(), 1U);
  EXPECT_TRUE(report.warnings.empty());
  EXPECT_THAT(turns[1].back().text, HasSubstr("x from 0 to 1008 and y from 0 to 700"));
}

TEST_F(Zoom, WithoutAReadablePlaceTheOverviewHasToDo) {
  const LookReport report = run("rscovlm_polygon", {"<tool_call>{", call(2000, 0, 3000, 50), "A crane."});
  EXPECT_EQ(report.text, "A crane.");
  EXPECT_TRUE(report.steps.empty());
  EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("answer comes from the overview")));
  EXPECT_EQ(turns.back().size(), 1U);
  EXPECT_EQ(turns.back()[0].text, "What is at the pier?");
  EXPECT_EQ(turns.back()[0].images.at(0).width, 1008);
}

TEST_F(Zoom, StepsAreBounded) {
  ZoomOptions zoom;
  zoom.maxSteps = 2;
  const LookReport answered =
      run("rscovlm_polygon", {call(0, 0, 50, 50), call(10, 10, 50, 50), call(20, 20, 50, 50), "A crane."}, zoom);
  EXPECT_EQ(answered.steps.size(), 2U);
  EXPECT_EQ(answered.text, "A crane.");
  EXPECT_TRUE(answered.warnings.empty());
  const LookReport stubborn = run("rscovlm_polygon", {call(0, 0, 50, 50)}, zoom);
  EXPECT_EQ(stubborn.steps.size(), 2U);
  EXPECT_EQ(model->calls(), 5);
  EXPECT_THAT(stubborn.warnings, ElementsAre(HasSubstr("more than 2 places")));
}

}  // namespace
}  // namespace orthoscribe::tasks
