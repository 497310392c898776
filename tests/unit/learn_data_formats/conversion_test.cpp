// SPDX-License-Identifier: GPL-2.0-or-later
// The words and the order of converted samples (reference/rscovlm.md 2.5 to 2.7).
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

TEST(Conversion, WritesRscovlmsPolygonsAsItsTrainingDoes) {
  MadeSet set;
  set.picture("images/a.png", 512, 512);
  set.picture("images/b.png", 512, 512);
  set.text("labels/a.txt",
           "310 300 350 300 350 312 310 312 small-vehicle 0\n"
           "200 100 240 110 236 126 196 116 plane 0\n"
           "20 40 60 40 60 60 20 60 plane 1\n"
           "10 40 14 40 14 60 10 60 plane 0\n");
  set.text("labels/b.txt", "");
  const std::vector<Conversation> made = converted(
      {.source = set.path(), .classes = {"plane", "small-vehicle", "Ground-Track_Field"}}, {.dialect = "rscovlm_polygon"});
  ASSERT_EQ(made.size(), 2U);
  const Conversation& first = made[0];
  ASSERT_EQ(first.turns.size(), 3U);
  EXPECT_EQ(first.turns[0].role, Role::System);
  EXPECT_TRUE(first.turns[0].text.ends_with("'x1,y1,x2,y2,x3,y3,x4,y4 object'."));
  EXPECT_EQ(first.turns[1].text, "<image>find the ground track_field, plane, small vehicle");
  // 512 is seen as 504; by class, then from the top, then from the left; from the topmost corner clockwise; a line end each.
  EXPECT_EQ(first.turns[2].text,
            "9,39,13,39,13,59,9,59 plane\n"
            "19,39,59,39,59,59,19,59 plane\n"
            "196,98,236,108,232,124,192,114 plane\n"
            "305,295,344,295,344,307,305,307 small vehicle\n");
  EXPECT_EQ(first.objects.size(), 4U);
  EXPECT_EQ(first.objects[3].label, "small-vehicle");
  EXPECT_TRUE(first.objects[1].difficult);
  EXPECT_EQ(first.source, "a.png");
  EXPECT_EQ(made[1].turns[2].text, "There are none.");
}

TEST(Conversion, CountsInTheSizeThatIsAskedFor) {
  MadeSet set;
  set.picture("images/a.png", 560, 280);
  set.text("labels/a.txt", "100 40 200 40 200 90 100 90 ship 0\n");
  const auto answer = [&](std::optional<ResizeLimits> pixels) {
    return converted({.source = set.path()}, {.dialect = "rscovlm_hbb", .pixels = pixels}).at(0).turns.back().text;
  };
  EXPECT_EQ(answer(kOwnSize), "100,40,200,90 ship\n");
  // At most a quarter of the pixels: 280x140 as multiples of 28.
  EXPECT_EQ(answer(ResizeLimits{.factor = 28, .minPixels = 1, .maxPixels = 280 * 140}), "50,20,100,45 ship\n");
  // At least four times as many.
  EXPECT_EQ(answer(ResizeLimits{.factor = 28, .minPixels = 1120 * 560, .maxPixels = 1 << 30}), "200,80,400,180 ship\n");
}

TEST(Conversion, AsksOneClassAtATimeAndSomeInVain) {
  MadeSet set;
  set.picture("images/a.png", 256, 256);
  set.text("labels/a.txt", "10 10 30 10 30 20 10 20 storage_tank 0\n100 40 120 40 120 50 100 50 ship 0\n");
  const std::vector<std::string> classes = {"ship", "storage_tank", "car", "truck"};
  const auto made = [&](int absent) {
    return converted({.source = set.path(), .classes = classes}, {.dialect = "starter", .absentClasses = absent});
  };
  ASSERT_EQ(made(0).size(), 2U);
  EXPECT_EQ(made(0)[0].turns.at(0).text, "<image>Detect: ship");
  EXPECT_EQ(made(0)[0].turns.at(1).text, "ship 110 45 20 10 0");
  EXPECT_EQ(made(0)[1].turns.at(1).text, "storage tank 20 15 20 10 0");
  EXPECT_EQ(made(2).size(), 4U);
  EXPECT_EQ(made(9).size(), 4U);
  EXPECT_EQ(made(1)[2].turns.at(1).text, "none");
}

TEST(Conversion, ListsAllClassesOfTheSetWithoutBeingTold) {
  MadeSet set;
  for (const char* name : {"a", "b"}) set.picture(std::string("images/") + name + ".png", 280, 280);
  set.text("labels/a.txt", "10 10 30 10 30 20 10 20 ship 0\n");
  set.text("labels/b.txt", "10 10 30 10 30 20 10 20 bridge 0\n");
  const std::vector<Conversation> made = converted({.source = set.path()}, {.dialect = "qwen2_5_vl", .pixels = kOwnSize});
  ASSERT_EQ(made.size(), 2U);
  for (const Conversation& conversation : made)
    EXPECT_NE(conversation.turns[0].text.find("bridge, ship"), std::string::npos) << conversation.turns[0].text;
  EXPECT_EQ(made[0].turns[1].text, "```json\n[\n\t{\"bbox_2d\": [10, 10, 30, 20], \"label\": \"ship\"}\n]\n```");
}

TEST(Conversion, GroundsPolygonsCounterClockwiseAndBoxesUpright) {
  MadeSet set;
  set.picture("a.png", 560, 560);
  set.text("r.jsonl",
           R"({"image_id":"a.png","question_id":1,"question":"the large ship","poly":[[100,60],[200,100],[180,150],[80,110]]})"
           "\n"
           R"({"image_id":"a.png","question_id":2,"question":"pier","bbox":[40.9,50,140,130]})"
           "\n");
  const SourceOptions source{.source = set / "r.jsonl", .imageRoot = set.path()};
  const std::vector<Conversation> made = converted(source, {.dialect = "rscovlm_polygon", .pixels = kOwnSize});
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].turns.at(1).text, "<image>find the large ship");
  EXPECT_EQ(made[0].turns.at(2).text, "100,60,80,110,180,150,200,100 large ship\n");
  EXPECT_EQ(made[0].type, "turned");
  EXPECT_EQ(made[1].turns.at(2).text, "40,50,140,130 pier\n");
  EXPECT_EQ(made[1].type, "upright");
  EXPECT_EQ(made[1].objects.at(0).label, "pier");
  const std::vector<Conversation> upright =
      converted(source, {.dialect = "rscovlm_polygon", .pixels = kOwnSize, .groundShape = tasks::BoxShape::Upright});
  EXPECT_EQ(upright.at(0).turns.at(2).text, "80,60,200,150 large ship\n");
}

TEST(Conversion, MakesCaptionsQuestionsScenesAndKnowledge) {
  MadeSet set;
  for (const char* name : {"a.png", "s/beach/1.png", "s/river/1.png"}) set.picture(name, 28, 28);
  set.text("c.json", R"({"images":[{"filename":"a.png","sentences":[{"raw":"A road ."},{"raw":"Two."}]}]})");
  set.text("q.jsonl", R"({"image":"a.png","question":"Any road?","answer":"yes","type":"presence"})"
                      "\n"
                      R"({"question":"What is NDVI?","answer":"An index."})"
                      "\n");
  const ConversionOptions options{.dialect = "rscovlm_polygon", .questionSuffix = " Answer shortly."};
  const std::vector<Conversation> captions = converted({.source = set / "c.json"}, options);
  ASSERT_EQ(captions.size(), 2U);
  EXPECT_EQ(captions[1].turns, (std::vector<Turn>{{Role::User, "<image>Describe the image"}, {Role::Assistant, "Two."}}));
  EXPECT_EQ(captions[1].references, (std::vector<std::string>{"A road .", "Two."}));
  EXPECT_NE(captions[0].id, captions[1].id);
  const std::vector<Conversation> questions = converted({.source = set / "q.jsonl"}, options);
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0].turns.at(0).text, "<image>Any road? Answer shortly.");
  EXPECT_EQ(questions[0].task, "vqa");
  EXPECT_EQ(questions[0].type, "presence");
  EXPECT_EQ(questions[1].turns.at(0).text, "What is NDVI?");
  EXPECT_EQ(questions[1].task, "knowledge");
  EXPECT_TRUE(questions[1].images.empty());
  const std::vector<Conversation> scenes = converted({.source = set / "s"}, options);
  ASSERT_EQ(scenes.size(), 2U);
  EXPECT_EQ(scenes[0].turns.at(0).text, "<image>Classify the image within one of the given classes:beach,river.");
  EXPECT_EQ(scenes[0].turns.at(1).text, "beach");
  EXPECT_EQ(scenes[0].task, "classification");
}

TEST(Conversion, RefusesATaskThatTheDialectWasNotMadeFor) {
  MadeSet set;
  set.picture("a.png", 28, 28);
  set.text("r.jsonl", R"({"image_id":"a.png","question":"the ship","bbox":[1,1,9,9]})");
  EXPECT_THROW(converted({.source = set / "r.jsonl", .imageRoot = set.path()}, {.dialect = "starter"}), Error);
}

TEST(Conversion, PassesReadyConversationsThrough) {
  MadeSet set;
  set.picture("a.png", 28, 28);
  const std::string line =
      R"({"id":"x","image":["a.png"],"source":"big.tif","task":"zoom","type":"count","conversations":[{"from":"system","value":"s"},{"from":"human","value":"<image>How many at [1, 2, 3, 4]?"},{"from":"gpt","value":"3"}],"rejected":"4","objects":[{"label":"ship","quad":[1.0,1.0,9.0,1.0,9.0,9.0,1.0,9.0],"difficult":false}],"references":["r"]})";
  set.text("c.jsonl", line + "\n");
  const std::vector<Conversation> made = converted({.source = set / "c.jsonl"}, {.dialect = "starter"});
  ASSERT_EQ(made.size(), 1U);
  Conversation expected = parseConversation(line);
  expected.images = made[0].images;
  EXPECT_EQ(made[0], expected);
}

}  // namespace
}  // namespace orthoscribe::learn
