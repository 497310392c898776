// SPDX-License-Identifier: GPL-2.0-or-later
// classify, ground, questions with a zoom or a second date, and searches within polygons, as users call them.
#include <gdal_priv.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "tests/unit/tasks/coded_scene.h"
#include "tests/unit/tasks/command_line.h"

namespace orthoscribe::tasks {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

class CommandLineTasks : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(ORTHOSCRIBE_PROGRAM)) GTEST_SKIP() << "no program at " << ORTHOSCRIBE_PROGRAM;
    scene.width = 1260;
    scene.height = 1092;
    scene.shapes = {{"ship", {{105, 60}, 20, 10, 0}}, {"ship", {{700, 600}, 20, 10, 0}}};
    scene.raster().write(folder.path() / "scene.tif");
  }

  // With a model that speaks a dialect and answers by the script.
  tests::Ended run(const std::string& dialect, ScriptedModel::Script script, std::vector<std::string> arguments) {
    ScriptedModel model(codedModelInfo(dialect, 252), [&](const std::vector<Message>& messages) {
      asked.push_back(messages);
      return script(messages);
    });
    tests::ServedModel server(model);
    arguments.insert(arguments.end(), {"--endpoint", server.url()});
    return tests::runProgram(folder.path(), arguments);
  }
  tests::Ended run(const std::string& dialect, const std::string& answer, std::vector<std::string> arguments) {
    return run(dialect, [answer](const auto&) { return answer; }, std::move(arguments));
  }

  TemporaryDirectory folder;
  CodedScene scene;
  std::vector<std::vector<Message>> asked;
};

TEST_F(CommandLineTasks, ClassifyPrintsTheClass) {
  const tests::Ended chosen = run("rscovlm_polygon", "A busy harbor.", {"classify", "scene.tif", "--classes", "forest, harbor"});
  EXPECT_EQ(chosen.status, 0) << chosen.notes;
  EXPECT_EQ(chosen.output, "harbor\n");
  const tests::Ended listed =
      run("rscovlm_polygon", "dense residential", {"classify", "scene.tif", "--class-list", "ucmerced", "--json"});
  EXPECT_EQ(listed.status, 0) << listed.notes;
  const auto json = nlohmann::json::parse(listed.output);
  EXPECT_EQ(json.at("class"), "dense residential");
  EXPECT_EQ(json.at("classes").size(), 21U);
  const tests::Ended none = run("rscovlm_polygon", "Lovely.", {"classify", "scene.tif"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.notes, HasSubstr("names none of the classes: Lovely."));
  EXPECT_EQ(run("rscovlm_polygon", "", {"classify", "scene.tif", "--class-list", "moon"}).status, 1);
}

TEST_F(CommandLineTasks, GroundWritesALayer) {
  // The raster of 1260 x 1092 is shown as 1008 x 874 and seen as 1008 x 868.
  const tests::Ended ran = run("rscovlm_polygon", "80,40,160,40,160,80,80,80 ship\n",
                               {"ground", "scene.tif", "the ship at the pier", "-o", "ship.gpkg", "--boxes", "obb"});
  EXPECT_EQ(ran.status, 0) << ran.notes;
  EXPECT_THAT(ran.output, AllOf(HasSubstr("1 boxes for \"the ship at the pier\""), HasSubstr("ship.gpkg")));
  GDALAllRegister();
  GDALDatasetUniquePtr written(GDALDataset::Open((folder.path() / "ship.gpkg").c_str(), GDAL_OF_VECTOR));
  ASSERT_TRUE(written);
  ASSERT_EQ(written->GetLayer(0)->GetFeatureCount(), 1);
  for (const auto& feature : written->GetLayer(0)) {
    EXPECT_STREQ(feature->GetFieldAsString("label"), "the ship at the pier");
    OGREnvelope bounds;
    feature->GetGeometryRef()->getEnvelope(&bounds);
    // Half a metre a pixel from 500000, 4000000.
    EXPECT_NEAR(bounds.MinX, 500000 + 0.5 * 80 * 1260 / 1008, 0.25);
    EXPECT_NEAR(bounds.MaxX, 500000 + 0.5 * 160 * 1260 / 1008, 0.25);
    EXPECT_NEAR(bounds.MaxY, 4000000 - 0.5 * 40 * 1092 / 868, 0.25);
    EXPECT_NEAR(bounds.MinY, 4000000 - 0.5 * 80 * 1092 / 868, 0.25);
  }
  const tests::Ended refused = run("starter", "", {"ground", "scene.tif", "the ship"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.notes, AllOf(HasSubstr("'starter' cannot"), HasSubstr("rscovlm_polygon")));
  EXPECT_FALSE(fs::exists(folder.path() / "scene_found.gpkg"));
}

TEST_F(CommandLineTasks, AskZoomsIn) {
  const auto script = [](const std::vector<Message>& messages) {
    return messages.size() == 2 ? std::string(
                                      "<tool_call>\n{\"name\": \"image_zoom_in\", \"arguments\": {\"bbox\": [504, 434, 604, "
                                      "534]}}\n</tool_call>")
                                : std::string("A crane.");
  };
  const tests::Ended told = run("rscovlm_polygon", script, {"ask", "scene.tif", "What is it?"});
  EXPECT_EQ(told.status, 0) << told.notes;
  EXPECT_EQ(told.output, "A crane.\n");
  EXPECT_THAT(told.notes, HasSubstr("looking closer at pixels 630 546, 125 x 126"));
  const tests::Ended json = run("rscovlm_polygon", script, {"ask", "scene.tif", "What is it?", "--zoom", "--json"});
  const auto steps = nlohmann::json::parse(json.output).at("zoom_steps");
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].at("area_px"), (nlohmann::json{630, 546, 125, 126}));
  EXPECT_EQ(steps[0].at("map")[0], (nlohmann::json{500315.0, 3999727.0}));
  asked.clear();
  EXPECT_EQ(run("rscovlm_polygon", "no", {"ask", "scene.tif", "What is it?", "--zoom", "off"}).status, 0);
  EXPECT_EQ(asked.at(0).size(), 1U);
  const tests::Ended refused = run("skynova", "", {"ask", "scene.tif", "What is it?", "--zoom=on"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.notes, HasSubstr("qwen2_5_vl"));
  EXPECT_EQ(run("skynova", "", {"ask", "scene.tif", "What is it?", "--zoom=perhaps"}).status, 2);
}

TEST_F(CommandLineTasks, TwoDatesAreAskedAbout) {
  scene.raster().write(folder.path() / "earlier.tif");
  const tests::Ended told = run("skynova", "A ship came.", {"ask", "scene.tif", "What came?", "--before", "earlier.tif"});
  EXPECT_EQ(told.status, 0) << told.notes;
  EXPECT_EQ(told.output, "A ship came.\n");
  EXPECT_EQ(asked.at(0).at(0).images.size(), 2U);
  const tests::Ended described = run("skynova", "A ship came.", {"describe", "scene.tif", "--before", "earlier.tif"});
  EXPECT_EQ(described.status, 0) << described.notes;
  EXPECT_THAT(asked.at(1).at(0).text, HasSubstr("[changedet]"));
  EXPECT_EQ(run("skynova", "", {"ask", "scene.tif", "What?", "--before", "earlier.tif", "--zoom", "on"}).status, 2);
  EXPECT_EQ(run("skynova", "", {"ask", "scene.tif", " ", "--before", "earlier.tif"}).status, 1);
  const tests::Ended refused = run("geochat", "", {"describe", "scene.tif", "--before", "earlier.tif"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.notes, HasSubstr("cannot compare two dates"));
}

TEST_F(CommandLineTasks, DetectKeepsWhatLiesInPolygons) {
  writeTextFile(folder.path() / "pier.geojson", R"({"type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}, "features": [{"type": "Feature", "properties": {},
    "geometry": {"type": "Polygon", "coordinates": [[[500340, 3999690], [500360, 3999690], [500360, 3999710], [500340, 3999710],
    [500340, 3999690]]]}}]})");
  const auto script = [this](const std::vector<Message>& messages) {
    return answerFromPicture(scene, "rscovlm_polygon", messages);
  };
  const tests::Ended found = run("rscovlm_polygon", script,
                                 {"detect", "scene.tif", "--classes", "ship", "--polygons", "pier.geojson", "-o", "found.gpkg"});
  EXPECT_EQ(found.status, 0) << found.notes;
  EXPECT_THAT(found.output, HasSubstr("1 objects (ship 1)"));
  const tests::Ended missing = run("rscovlm_polygon", "", {"detect", "scene.tif", "--classes", "ship", "--polygons", "no.gpkg"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.notes, HasSubstr("no.gpkg does not exist"));
}

}  // namespace
}  // namespace orthoscribe::tasks
