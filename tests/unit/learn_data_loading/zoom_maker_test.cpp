// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/zoom_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/tasks/task_prompts.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

Record harbour() {
  Record record;
  record.image = "sets/harbour.tif";
  record.objectsKnown = true;
  record.where = "labels:1";
  record.objects = {test::turnedShape("large-ship", {600, 500}, 200, 40, 45),
                    test::turnedShape("tug_boat", {520, 420}, 20, 10, 0), test::turnedShape("tug_boat", {660, 430}, 20, 10, 0),
                    test::turnedShape("tug_boat", {1500, 900}, 20, 10, 0)};
  return record;
}

std::map<std::string, std::vector<ZoomQuestion>> byType(const Record& record, const ZoomQuestionOptions& options) {
  std::map<std::string, std::vector<ZoomQuestion>> questions;
  for (ZoomQuestion& question : zoomQuestions(record, 1600, 1000, options)) questions[question.type].push_back(question);
  return questions;
}

TEST(ZoomQuestions, HaveTheRightAnswersByTheLabels) {
  ZoomQuestionOptions options;
  options.mostQuestions = 100;
  options.marginPx = 60;
  auto questions = byType(harbour(), options);
  std::map<std::string, std::string> answers;
  for (const char* type : {"orientation", "nearby"}) {
    for (const ZoomQuestion& question : questions[type]) answers[question.question] = question.answer;
  }
  EXPECT_EQ(answers["In which direction does the long side of the only large ship in the image run?"],
            "from the upper left to the lower right");
  EXPECT_EQ(answers["In which direction does the long side of the leftmost tug boat in the image run?"], "from left to right");
  EXPECT_EQ(answers["How many tug boats are close to the only large ship in the image?"], "2");
  EXPECT_EQ(answers["How many other tug boats are close to the rightmost tug boat in the image?"], "0");
  EXPECT_FALSE(answers.contains("How many large ships are close to the leftmost tug boat in the image?")) << "the crop cuts it";
  EXPECT_FALSE(answers.contains("In which direction does the long side of the largest tug boat in the image run?"));
  ASSERT_EQ(questions["compare"].size(), 1u);
  EXPECT_EQ(questions["compare"][0].answer == "yes", questions["compare"][0].question.starts_with("Are there more tug boats"));
  std::map<std::string, std::string> counts;
  for (const ZoomQuestion& question : questions["count"]) counts[question.question] = question.answer;
  EXPECT_EQ(counts["How many tug boats are in the image?"], "3");
  EXPECT_EQ(counts["How many large ships are in the image?"], "1");
  for (const ZoomQuestion& question : questions["category"]) {
    EXPECT_EQ(question.answer, "tug boat") << question.question;
    ASSERT_TRUE(question.crop);
  }
  // Right and bottom end with a tug, left too; the top is a tug as well, but not clearly: 420 against 430 of 1000.
  EXPECT_EQ(questions["category"].size(), 3u);
  EXPECT_FALSE(questions["count"][0].crop);
}

TEST(ZoomQuestions, AskNothingThatTheLabelsDoNotTell) {
  Record record = harbour();
  record.objectsKnown = false;
  ZoomQuestionOptions options;
  options.mostQuestions = 100;
  auto questions = byType(record, options);
  EXPECT_EQ(questions.size(), 1u) << "only what is seen on an object itself";
  EXPECT_FALSE(questions["orientation"].empty());
  record = harbour();
  record.objects[1].difficult = true;
  questions = byType(record, options);
  for (const ZoomQuestion& question : questions["nearby"]) EXPECT_EQ(question.question.find("tug"), std::string::npos);
  EXPECT_EQ(questions["count"].size(), 1u);
  options.mostQuestions = 3;
  EXPECT_EQ(zoomQuestions(harbour(), 1600, 1000, options).size(), 3u);
}

TEST(ZoomMaker, ConversationsAreThoseOfTheReferenceAndCropsOfFullResolution) {
  const TemporaryDirectory folder;
  const RgbImage image = test::busyImage(1600, 1000, 12);
  test::MadeRaster raster(image, 0.5);
  const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_polygon");
  ZoomMakerOptions options;
  options.questions.mostQuestions = 100;
  options.questions.marginPx = 100;
  options.marginResolutionM = 0.3;  // 60 pixels of this raster
  std::vector<Conversation> made;
  const int count = makeZoomConversations(harbour(), raster, dialect, options, folder.path(),
                                          [&](const Conversation& one) { made.push_back(one); }, {});
  EXPECT_EQ(count, static_cast<int>(made.size()));
  int zooms = 0;
  for (const Conversation& conversation : made) {
    EXPECT_EQ(conversation.source, "harbour.tif");
    const RgbImage overview = readPicture(folder.path() / conversation.images[0]);
    EXPECT_LE(overview.width * overview.height, options.limits.maxPixels);
    if (conversation.task != "zoom") {
      EXPECT_EQ(conversation.turns.size(), 2u);
      continue;
    }
    ++zooms;
    ASSERT_EQ(conversation.turns.size(), 5u);
    EXPECT_TRUE(conversation.turns[0].text.starts_with("# Tools\n\nYou may call one or more functions"));
    EXPECT_TRUE(conversation.turns[1].text.starts_with("<image>"));
    EXPECT_TRUE(conversation.turns[1].text.ends_with("\nZoom in to the region of interest and answer the question."));
    EXPECT_EQ(conversation.turns[3].text, "<image>Here's the zoomed-in image. You can complete your task now.");
    // What the model would be shown for this request is what the sample shows.
    const tasks::PictureFrame frame = dialect.frameOf(overview.width, overview.height);
    EXPECT_EQ(frame.modelWidth, overview.width) << "the overview is already of the size that the model sees";
    const auto request = dialect.tasks().zoomTalk()->read(conversation.turns[2].text, frame);
    ASSERT_TRUE(request.place);
    const RgbImage crop = readPicture(folder.path() / conversation.images[1]);
    const double scale = 1600.0 / overview.width;
    const double scaleY = 1000.0 / overview.height;
    EXPECT_NEAR((request.place->right - request.place->left) * scale, crop.width, 4);
    EXPECT_NEAR((request.place->bottom - request.place->top) * scaleY, crop.height, 4);
    const int left = static_cast<int>(std::lround(request.place->left * scale));
    const int top = static_cast<int>(std::lround(request.place->top * scaleY));
    double difference = 0;
    for (int row = 20; row < 60; ++row) {
      for (int column = 20; column < 60; ++column)
        difference += std::abs(int(crop.at(column, row)[1]) - int(image.at(left + column, top + row)[1]));
    }
    EXPECT_LT(difference / 1600, 12) << "pixels of the raster itself, but for the place's rounding and JPEG";
  }
  EXPECT_GE(zooms, 4);
  const auto orientation = std::find_if(made.begin(), made.end(), [](const Conversation& one) {
    return one.turns[1].text.find("only large ship in the image run") != std::string::npos;
  });
  ASSERT_NE(orientation, made.end());
  const RgbImage crop = readPicture(folder.path() / orientation->images[1]);
  EXPECT_NEAR(crop.width, 2 * 60 + (200 + 40) * std::sqrt(0.5), 2) << "the margin is as wide on the ground as it was meant";
}

TEST(ZoomMaker, SmallPicturesAndOtherDialectsGiveNoZoom) {
  const TemporaryDirectory folder;
  Record record = harbour();
  test::MadeRaster small(test::busyImage(800, 800, 1));
  ZoomMakerOptions options;
  options.questions.mostQuestions = 100;
  makeZoomConversations(record, small, tasks::dialectNamed("rscovlm_hbb"), options, folder.path(),
                        [](const Conversation& one) { EXPECT_EQ(one.task, "vqa"); }, {});
  EXPECT_THROW(makeZoomConversations(record, small, tasks::dialectNamed("geochat"), options, folder.path(),
                                     [](const Conversation&) {}, {}),
               Error);
}

}  // namespace
}  // namespace orthoscribe::learn
