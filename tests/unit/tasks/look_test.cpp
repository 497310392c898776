// SPDX-License-Identifier: GPL-2.0-or-later
// Describing and asking: what the model is shown and asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/tasks/describe.h"
#include "tests/unit/tasks/coded_scene.h"

namespace orthoscribe::tasks {
namespace {

class Look : public testing::Test {
 protected:
  geo::GdalRaster open(const geo::MadeRaster& made) {
    made.write(folder.path() / "scene.tif");
    return geo::GdalRaster((folder.path() / "scene.tif").string());
  }
  ScriptedModel modelOf(const char* dialect) {
    return ScriptedModel(codedModelInfo(dialect, 100), [this](const std::vector<Message>& messages) {
      asked = messages;
      return std::string("A harbour.");
    });
  }

  TemporaryDirectory folder;
  CodedScene scene;
  std::vector<Message> asked;
};

TEST_F(Look, ShowsTheAreaAsOnePictureThatSuitsTheModel) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model = modelOf("starter");
  std::string streamed;
  const LookReport report = describe(raster, model, {}, [&](const GeneratedToken& token) { streamed += token.text; }, {});
  EXPECT_EQ(report.text, "A harbour.");
  EXPECT_EQ(streamed, "A harbour.");
  EXPECT_EQ(asked.at(0).text, "Describe this image.");
  EXPECT_EQ(asked.at(0).images.at(0).width, 100);
  EXPECT_EQ(asked.at(0).images.at(0).height, 87);
  EXPECT_EQ(report.pictureWidth, 100);
  EXPECT_EQ(report.area, (geo::PixelRect{0, 0, 300, 260}));
}

TEST_F(Look, ShowsExactlyTheAreaAndEnlargesNothing) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model = modelOf("starter");
  LookOptions options;
  options.area = geo::PixelRect{250, 30, 100, 40};  // reaches over the border
  const LookReport report = ask(raster, model, "How many ships?", options, {}, {});
  EXPECT_EQ(report.area, (geo::PixelRect{250, 30, 50, 40}));
  const RgbImage& picture = asked.at(0).images.at(0);
  EXPECT_EQ(picture.width, 50);
  EXPECT_EQ(picture.height, 40);
  EXPECT_EQ(originOf(picture), (geo::Point{250, 30}));
  EXPECT_EQ(asked.at(0).text, "How many ships?");
}

TEST_F(Look, ModelsOfUnknownFamilyAreAskedPlainly) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model(ModelInfo{}, [this](const std::vector<Message>& messages) {
    asked = messages;
    return std::string("yes");
  });
  EXPECT_EQ(ask(raster, model, "Is there water?", {}, {}, {}).text, "yes");
  EXPECT_EQ(asked.at(0).text, "Is there water?");
}

TEST_F(Look, AreaWithoutDataIsRefusedWithoutAsking) {
  geo::MadeRaster made = scene.raster();
  made.masked = [](int, int) { return true; };
  geo::GdalRaster raster = open(made);
  ScriptedModel model = modelOf("starter");
  try {
    describe(raster, model, {}, {}, {});
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("holds no data"));
  }
  EXPECT_EQ(model.calls(), 0);
}

TEST_F(Look, EmptyQuestionsAndAreasOutsideAreRefused) {
  geo::GdalRaster raster = open(scene.raster());
  ScriptedModel model = modelOf("starter");
  EXPECT_THROW(ask(raster, model, " \n", {}, {}, {}), Error);
  LookOptions options;
  options.area = geo::PixelRect{-50, 0, 50, 10};
  EXPECT_THROW(describe(raster, model, options, {}, {}), Error);
  EXPECT_EQ(model.calls(), 0);
}

// Answers by aspects, with or without experts for them.
class AspectModel final : public VisionLanguageModel {
 public:
  Reply chat(const std::vector<Message>& /*messages*/, const GenerationOptions& options, const OnToken& /*onToken*/,
             const CancelToken& /*cancel*/) override {
    Reply reply;
    reply.text = "A harbour. Five ships.";
    asked = options.aspects;
    if (!options.aspects || !knows) return reply;
    reply.aspects.emplace();
    reply.aspects->parts.push_back({.name = "theme", .instruction = "Describe it.", .text = "A harbour.", .ownExpert = expert});
    return reply;
  }
  ModelInfo info() override { return codedModelInfo("starter", 100); }

  bool knows = true;
  bool expert = true;
  bool asked = false;
};

TEST_F(Look, DescribesByAspects) {
  geo::GdalRaster raster = open(scene.raster());
  AspectModel model;
  LookOptions options;
  EXPECT_FALSE(describe(raster, model, options, {}, {}).aspects);
  EXPECT_FALSE(model.asked);
  options.aspects = true;
  LookReport report = describe(raster, model, options, {}, {});
  ASSERT_TRUE(report.aspects);
  EXPECT_EQ(report.aspects->parts.at(0).text, "A harbour.");
  EXPECT_TRUE(report.warnings.empty());
  model.expert = false;
  report = describe(raster, model, options, {}, {});
  EXPECT_TRUE(report.aspects);
  EXPECT_THAT(report.warnings, testing::ElementsAre(testing::HasSubstr("no experts for aspects")));
  model.knows = false;
  report = describe(raster, model, options, {}, {});
  EXPECT_FALSE(report.aspects);
  EXPECT_THAT(report.warnings, testing::ElementsAre(testing::HasSubstr("plain description")));
  ask(raster, model, "How many ships?", options, {}, {});
  EXPECT_FALSE(model.asked);
}

}  // namespace
}  // namespace orthoscribe::tasks
