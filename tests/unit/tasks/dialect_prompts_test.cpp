// SPDX-License-Identifier: GPL-2.0-or-later
// What is asked, which dialect is chosen, which class a label means, and how large pictures are seen.
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/smart_resize.h"
#include "core/tasks/dialect.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

TEST(Prompts, AreWhatTheFamiliesWereTrainedOn) {
  const auto asked = [](const char* dialect, const std::vector<std::string>& classes) {
    return dialectNamed(dialect).detectMessages(classes, RgbImage(2, 2));
  };
  EXPECT_EQ(asked("starter", {"storage tank"}).at(0).text, "Detect: storage tank");
  EXPECT_EQ(asked("skynova", {"ship"}).at(0).text, "[refer] [hr_rgb_0.5] <image> \n Give me the location of <ref>ship</ref>");
  const std::vector<Message> messages = asked("rscovlm_polygon", {"Small-Vehicle", "plane"});
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].role, Role::System);
  EXPECT_TRUE(messages[0].images.empty());
  EXPECT_EQ(messages[1].text, "find the plane, small vehicle.");
  EXPECT_EQ(messages[1].images.size(), 1U);
  EXPECT_EQ(dialectNamed("starter").describeMessages(RgbImage(2, 2)).at(0).text, "Describe this image.");
}

TEST(Prompts, HoldThePictureOnceInEveryDialect) {
  for (const std::string_view name : dialectNames()) {
    const Dialect& dialect = dialectNamed(name);
    EXPECT_EQ(dialect.name(), name);
    for (const auto& messages : {dialect.detectMessages({"ship"}, RgbImage(3, 2)), dialect.describeMessages(RgbImage(3, 2)),
                                 dialect.askMessages("How many ships?", RgbImage(3, 2))}) {
      std::size_t images = 0;
      for (const Message& message : messages) images += message.images.size();
      EXPECT_EQ(images, 1U) << name;
      EXPECT_EQ(messages.back().role, Role::User) << name;
    }
    EXPECT_NE(dialect.askMessages("How many ships?", RgbImage(3, 2)).back().text.find("How many ships?"), std::string::npos);
  }
}

TEST(DialectChoice, FollowsWhatTheModelSaysThenItsName) {
  ModelInfo info;
  info.dialect = "skynova";
  info.name = "Qwen3-VL";
  EXPECT_EQ(dialectFor(info).name(), "skynova");
  info.dialect.clear();
  EXPECT_EQ(dialectFor(info).name(), "qwen3_vl");
  for (const auto& [name, dialect] : {std::pair{"models/RSCoVLM-7B", "rscovlm_polygon"},
                                      std::pair{"Qwen/Qwen2.5-VL-7B", "qwen2_5_vl"}, std::pair{"SkyNova_4B", "skynova"},
                                      std::pair{"OpenGVLab/InternVL2-4B", "internvl"}, std::pair{"geochat-7B", "geochat"}}) {
    info.name = name;
    EXPECT_EQ(dialectFor(info).name(), dialect) << name;
  }
  info.name = "mystery";
  info.family = "internvl_chat";
  EXPECT_EQ(dialectFor(info).name(), "internvl");
}

TEST(DialectChoice, RefusesUnknownOnesAndNamesTheKnown) {
  ModelInfo info;
  info.name = "mystery";
  for (const auto& refused :
       {std::function<void()>([&] { dialectFor(info); }), std::function<void()>([] { dialectNamed("klingon"); })}) {
    try {
      refused();
      FAIL() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Unsupported);
      EXPECT_NE(std::string(error.what()).find("rscovlm_polygon"), std::string::npos) << error.what();
    }
  }
}

TEST(Labels, MeanTheClassThatWasAskedFor) {
  const std::vector<std::string> classes = {"ship", "small-vehicle", "large ship", "storage_tank"};
  EXPECT_EQ(resolveLabel("SHIP", classes), "ship");
  EXPECT_EQ(resolveLabel(" Small Vehicle ", classes), "small-vehicle");
  EXPECT_EQ(resolveLabel("storage tanks", classes), "storage_tank");
  EXPECT_EQ(resolveLabel("1 grey large ship", classes), "large ship");
  EXPECT_EQ(resolveLabel("shipyard", classes), "shipyard");
  EXPECT_EQ(resolveLabel("", classes), "");
  EXPECT_EQ(resolveLabel("", {"ship"}), "ship");
}

TEST(SmartResize, FollowsTheReference) {
  const ResizeLimits trained{.factor = 28, .minPixels = 64 * 784, .maxPixels = 1296 * 784};
  struct Case {
    int height, width, resizedHeight, resizedWidth;
  };
  // reference/rscovlm.md 1.5
  for (const Case& c : {Case{512, 512, 504, 504}, Case{1024, 1024, 1008, 1008}, Case{800, 800, 812, 812},
                        Case{256, 256, 252, 252}, Case{600, 600, 588, 588}, Case{100, 100, 224, 224}, Case{4000, 3000, 1148, 868},
                        Case{8192, 8192, 1008, 1008}, Case{27328, 8000, 1848, 532}, Case{1000, 30, 1316, 56}}) {
    const PictureSize seen = smartResize(c.width, c.height, trained);
    EXPECT_EQ(seen.height, c.resizedHeight) << c.height << "x" << c.width;
    EXPECT_EQ(seen.width, c.resizedWidth) << c.height << "x" << c.width;
  }
  const PictureSize strip = smartResize(1000, 2000, {.factor = 28, .minPixels = 4 * 784, .maxPixels = 1280 * 784});
  EXPECT_EQ(strip.width, 700);
  EXPECT_EQ(strip.height, 1400);
  const PictureSize tiny = smartResize(70, 42, {});
  EXPECT_EQ(tiny.width, 56);
  EXPECT_EQ(tiny.height, 56);
}

// A box in pixels of the resized picture lands elsewhere when the model resizes by other limits than are usual.
TEST(FrameFor, FollowsTheLimitsThatTheModelTells) {
  const Dialect& dialect = dialectNamed("qwen2_5_vl");
  ModelInfo info;
  const PictureFrame usual = dialect.frameFor(1000, 500, info);
  EXPECT_EQ(usual.modelWidth, 1008);
  EXPECT_EQ(usual.modelHeight, 504);
  info.resize = ResizeLimits{.factor = 28, .minPixels = 3136, .maxPixels = 100000};
  const PictureFrame told = dialect.frameFor(1000, 500, info);
  EXPECT_EQ(told.width, 1000);
  EXPECT_EQ(told.modelWidth, 420);
  EXPECT_EQ(told.modelHeight, 196);
  const std::string text = R"([{"bbox_2d": [42, 49, 84, 98], "label": "ship"}])";
  const geo::Quad quad = dialect.parse(text, told, {"ship"}, true).boxes.at(0).quad;
  EXPECT_NEAR(quad[0].x, 100.0, 1e-9);
  EXPECT_NEAR(quad[0].y, 125.0, 1e-9);
}

TEST(OneClassAsked, NamesBoxesWithoutLabel) {
  const PictureFrame frame{100, 100, 100, 100};
  EXPECT_EQ(dialectNamed("skynova").parse("[[10, 10, 20, 20, 0]]", frame, {"ship"}, true).boxes.at(0).label, "ship");
  EXPECT_EQ(dialectNamed("rscovlm_polygon").parse("1,1,9,1,9,9,1,9", frame, {"ship"}, true).boxes.at(0).label, "ship");
  EXPECT_EQ(dialectNamed("rscovlm_polygon").parse("1,1,9,1,9,9,1,9", frame, {"ship", "car"}, true).boxes.size(), 0U);
}

TEST(RscovlmJson, IsReadToo) {
  const PictureFrame frame{100, 100, 200, 200};
  const ParsedAnswer answer =
      dialectNamed("rscovlm_polygon")
          .parse(
              "```json\n[\n\t{\"quadrant bbox\": [2, 2, 18, 2, 18, 18, 2, 18], \"label\": \"plane\"},\n\t{"
              "\"quadrant bbox\": [(4, 4), 1], \"label\": \"plane\"}\n]\n```",
              frame, {"plane"}, true);
  ASSERT_EQ(answer.boxes.size(), 1U);
  EXPECT_EQ(answer.dropped, 1);
  EXPECT_EQ(answer.boxes[0].quad[2], (geo::Point{9, 9}));
}

}  // namespace
}  // namespace orthoscribe::tasks
