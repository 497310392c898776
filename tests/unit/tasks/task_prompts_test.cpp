// SPDX-License-Identifier: GPL-2.0-or-later
// What families are asked for the tasks that not all of them have, which refuse, and how answers in words name classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/tasks/class_mentions.h"
#include "core/tasks/scene_classes.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::tasks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const TaskPrompts& tasksOf(const char* dialect) {
  return dialectNamed(dialect).tasks();
}

// reference/rscovlm.md 2.5 to 2.7 and 4.2, reference/skynova.md 7.3
TEST(TaskPrompts, AreWhatTheFamiliesWereTrainedOn) {
  const RgbImage picture(4, 3);
  EXPECT_EQ(tasksOf("rscovlm_polygon").classifyMessages({"River", "BareLand"}, picture).back().text,
            "Classify the image within one of the given classes:River,BareLand.");
  EXPECT_EQ(tasksOf("skynova").classifyMessages({"overpass", "harbor"}, picture).back().text,
            "[hr_rgb_0.5]  <image> \\n Classify the given image in one of the following classes. Classes:  overpass, harbor. "
            "\\nAnswer in one word or a short phrase.");
  EXPECT_EQ(tasksOf("skynova").classifyMessages(sceneClasses("aid"), picture).back().text.find("[hr_rgb"), std::string::npos);

  const auto upright = tasksOf("rscovlm_polygon").groundMessages("The ship at the pier.", BoxShape::Upright, picture);
  ASSERT_EQ(upright.size(), 2U);
  EXPECT_THAT(upright[0].text, HasSubstr("in plain text format 'x1,y1,x2,y2 object'."));
  EXPECT_EQ(upright[1].text, "find the ship at the pier");
  EXPECT_THAT(tasksOf("rscovlm_polygon").groundMessages("ship", BoxShape::Turned, picture)[0].text,
              HasSubstr("'x1,y1,x2,y2,x3,y3,x4,y4 object'."));
  EXPECT_EQ(tasksOf("skynova").groundMessages("2 black vehicles", BoxShape::Turned, picture)[0].text,
            "[refer] [hr_rgb_0.5] <image> \n Give me the location of <ref>2 black vehicles</ref>");
  EXPECT_EQ(tasksOf("geochat").groundMessages("the ship", BoxShape::Turned, picture)[0].text,
            "[refer] Give me the location of <p> ship </p>");

  const auto change = tasksOf("skynova").changeMessages("", picture, picture);
  EXPECT_EQ(change[0].text,
            "[changedet] [hr_rgb_temp_0.5] <image> <image> \\n are there any semantic change detected in the provided images?");
  EXPECT_EQ(change[0].images.size(), 2U);
  EXPECT_EQ(tasksOf("skynova").changeMessages("What was built?", picture, picture)[0].text,
            "Image-1: <image>\nImage-2: <image>\nWhat was built?");
}

TEST(TaskPrompts, AskAboutBothDatesInOrder) {
  const RgbImage before(4, 3);
  RgbImage after(4, 3);
  after.pixels[0] = 9;
  for (const std::string_view name : dialectNames()) {
    const TaskPrompts& tasks = dialectNamed(name).tasks();
    if (!tasks.comparesDates()) continue;
    for (const char* question : {"", "Is the bridge still there?"}) {
      const std::vector<Message> messages = tasks.changeMessages(question, before, after);
      ASSERT_EQ(messages.back().images.size(), 2U) << name;
      EXPECT_EQ(messages.back().images[0], before) << name;
      EXPECT_EQ(messages.back().images[1], after) << name;
      EXPECT_THAT(messages.back().text, HasSubstr(question));
      EXPECT_GT(messages.back().text.size(), 10U) << name;
    }
  }
}

TEST(TaskPrompts, FamiliesWithoutATaskNameThoseThatHaveIt) {
  try {
    requireTask(dialectNamed("starter"), "compare two dates", [](const TaskPrompts& tasks) { return tasks.comparesDates(); });
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
    const std::string said = std::string(error.message()) + error.hint();
    EXPECT_THAT(said, HasSubstr("'starter' cannot compare two dates"));
    EXPECT_THAT(said, HasSubstr("rscovlm_polygon"));
    EXPECT_THAT(said, HasSubstr("skynova"));
    EXPECT_EQ(said.find("geochat"), std::string::npos);
  }
  EXPECT_NO_THROW(requireTask(dialectNamed("starter"), "classify", [](const auto& t) { return !t.classLists().empty(); }));
}

TEST(TaskPrompts, GroundedBoxesAreReadInEachShape) {
  const Dialect& dialect = dialectNamed("rscovlm_polygon");
  const PictureFrame frame{100, 100, 200, 200};
  const auto upright =
      dialect.tasks().parseGround("20,40, 60,80 the ship\nnonsense\n", dialect, frame, "ship", BoxShape::Upright);
  ASSERT_EQ(upright.boxes.size(), 1U);
  EXPECT_EQ(upright.dropped, 1);
  EXPECT_EQ(upright.boxes[0].quad[0], (geo::Point{10, 20}));
  EXPECT_EQ(upright.boxes[0].quad[2], (geo::Point{30, 40}));
  EXPECT_EQ(upright.boxes[0].label, "ship");
  // A polygon is taken too, for the task makes it upright.
  EXPECT_EQ(dialect.tasks().parseGround("2,2,8,2,8,8,2,8 ship", dialect, frame, "ship", BoxShape::Upright).boxes.size(), 1U);
  EXPECT_TRUE(dialect.tasks().parseGround("There are none.", dialect, frame, "ship", BoxShape::Upright).boxes.empty());
  for (const char* text : {"", ",,,,", "1,2,3", "1,2,3,4,5", "9999999999,1,2,3 x", "\xff\xfe"}) {
    EXPECT_TRUE(dialect.tasks().parseGround(text, dialect, frame, "ship", BoxShape::Upright).boxes.empty()) << text;
  }
}

TEST(ZoomTalk, SaysWhatTheModelWasTrainedOn) {
  const std::vector<Message> messages = zoomByPixels().open("What is it?", RgbImage(8, 6));
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].role, Role::System);
  EXPECT_TRUE(messages[0].text.starts_with("# Tools\n\nYou may call one or more functions"));
  EXPECT_TRUE(messages[0].text.ends_with("{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>"));
  EXPECT_THAT(messages[0].text, HasSubstr("positions' absolute coordinates of the left top and right down corners"));
  EXPECT_EQ(messages[1].text, "What is it?\nZoom in to the region of interest and answer the question.");
  EXPECT_EQ(zoomByPixels().show(RgbImage(2, 2)).text, "Here's the zoomed-in image. You can complete your task now.");
  EXPECT_THAT(zoomByThousandths().open("", RgbImage(1, 1))[0].text, HasSubstr("0 to 1000"));
}

TEST(ZoomTalk, ReadsPlacesHoweverTheyAreWritten) {
  const PictureFrame frame{500, 400, 1000, 800};
  for (const char* text :
       {"<tool_call>\n{\"name\": \"image_zoom_in\", \"arguments\": {\"bbox\": [100, 200, 300, 400]}}\n</tool_call>",
        "I will look.\n<tool_call>{'name': 'image_zoom_in', 'arguments': {'bbox_2d': [300, 400, 100, 200], 'label': 'x'}}",
        "<tool_call>\n{\"name\": \"image_zoom_in\", \"arguments\": {\"bbox\": [100, 200, 300, 400]",
        "<tool_call>{\"arguments\": \"{\\\"bbox\\\": [100, 200, 300, 400]}\", \"name\": \"image_zoom_in\"}</tool_call>",
        "{\"name\": \"image_zoom_in\", \"arguments\": {\"bbox\": [100.0, 200.0, 300.0, 400.0]}}"}) {
    const ZoomRequest request = zoomByPixels().read(text, frame);
    EXPECT_TRUE(request.made) << text;
    ASSERT_TRUE(request.place) << text;
    EXPECT_DOUBLE_EQ(request.place->left, 50);
    EXPECT_DOUBLE_EQ(request.place->top, 100);
    EXPECT_DOUBLE_EQ(request.place->right, 150);
    EXPECT_DOUBLE_EQ(request.place->bottom, 200);
  }
  const ZoomRequest thousandths = zoomByThousandths().read("<tool_call>{\"bbox\": [100, 200, 300, 1400]}", frame);
  ASSERT_TRUE(thousandths.place);
  EXPECT_DOUBLE_EQ(thousandths.place->right, 150);
  EXPECT_DOUBLE_EQ(thousandths.place->bottom, 400) << "clipped to the picture";
}

TEST(ZoomTalk, TellsRequestsWithoutAPlaceFromAnswers) {
  const PictureFrame frame{500, 400, 1000, 800};
  for (const char* text : {"<tool_call>", "<tool_call>\n{\"name\": \"image_zoom_in\", \"arguments\": {}}\n</tool_call>",
                           "<tool_call>{\"bbox\": [1, 2, 3]}", "<tool_call>{\"bbox\": [100, 100, 100, 300]}",
                           "<tool_call>{\"bbox\": [1200, 100, 1400, 300]}", "<tool_call>{\"bbox\": \"left\"}"}) {
    const ZoomRequest request = zoomByPixels().read(text, frame);
    EXPECT_TRUE(request.made) << text;
    EXPECT_FALSE(request.place) << text;
  }
  for (const char* text : {"", "A ship at [10, 20, 30, 40].", "The tool is a crane."}) {
    EXPECT_FALSE(zoomByPixels().read(text, frame).made) << text;
  }
}

std::vector<std::string> namedIn(const std::string& answer, const std::vector<std::string>& classes) {
  std::vector<std::string> names;
  for (const ClassMention& mention : classMentions(answer, classes)) names.push_back(classes[mention.classIndex]);
  return names;
}

TEST(ClassMentions, AreWholeWordsHoweverTheyAreWritten) {
  const std::vector<std::string> classes = {"river", "BareLand", "dense residential", "residential", "storage_tank", "church"};
  EXPECT_THAT(namedIn("River.", classes), ElementsAre("river"));
  EXPECT_THAT(namedIn("The driver drove on.", classes), ElementsAre());
  EXPECT_THAT(namedIn("It shows bare land", classes), ElementsAre("BareLand"));
  EXPECT_THAT(namedIn("bareland", classes), ElementsAre("BareLand"));
  EXPECT_THAT(namedIn("Dense-residential area", classes), ElementsAre("dense residential"));
  EXPECT_THAT(namedIn("medium residential", classes), ElementsAre("residential"));
  EXPECT_THAT(namedIn("two storage tanks and churches", classes), ElementsAre("storage_tank", "church"));
  EXPECT_THAT(namedIn("", classes), ElementsAre());
  EXPECT_THAT(namedIn("\xff\xfe river", classes), ElementsAre("river"));
  EXPECT_THAT(namedIn("storage tank", {"storage tanks", "storage tank"}), ElementsAre("storage tank"));
  const std::vector<ClassMention> mention = classMentions("a  storage tank!", classes);
  ASSERT_EQ(mention.size(), 1U);
  EXPECT_EQ(mention[0].begin, 3U);
  EXPECT_EQ(mention[0].end, 15U);
}

TEST(SceneClasses, AreTheDataSets) {
  EXPECT_EQ(sceneClasses("ucmerced").size(), 21U);
  EXPECT_EQ(sceneClasses("aid").size(), 30U);
  EXPECT_EQ(sceneClasses("resisc45").size(), 45U);
  EXPECT_EQ(sceneClasses("whu_rs19").size(), 19U);
  EXPECT_THROW(sceneClasses("imagenet"), Error);
  for (const std::string_view dialect : dialectNames()) {
    for (const std::string_view list : dialectNamed(dialect).tasks().classLists()) EXPECT_FALSE(sceneClasses(list).empty());
  }
  EXPECT_THAT(classNames(" a, b b ,,c"), ElementsAre("a", "b b", "c"));
}

}  // namespace
}  // namespace orthoscribe::tasks
