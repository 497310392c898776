// SPDX-License-Identifier: GPL-2.0-or-later
// Formats of words: phrases, questions, captions, scenes, ready conversations.
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

TEST(Refgeo, ReadsPolygonsBeforeBoxes) {
  MadeSet set;
  set.picture("images/vrsbench/P1.png", 512, 512);
  set.text(
      "metainfo_v2/vrsbench_train_v2.jsonl",
      R"({"dataset":"vrsbench","image_id":"P1.png","question_id":3,"question":"the largest ship","bbox":[10,20,50,40],"poly":[[10,25],[45,20],[50,35],[15,40]],"image_width":512,"image_height":512})"
      "\n"
      R"({"dataset":"vrsbench","image_id":"P1.png","question_id":4,"question":"the pier","bbox":[1,2,30,40],"image_width":512,"image_height":512})"
      "\n");
  const ReadSet read = readAll({.source = set / "metainfo_v2/vrsbench_train_v2.jsonl"});
  ASSERT_EQ(read.records.size(), 2U);
  EXPECT_EQ(read.records[0].phrases.at(0).phrase, "the largest ship");
  EXPECT_EQ(cornersText(read.records[0].phrases[0].quad), "10,25 45,20 50,35 15,40");
  EXPECT_EQ(cornersText(read.records[1].phrases.at(0).quad), "1,2 30,2 30,40 1,40");
  EXPECT_FALSE(read.records[0].objectsKnown);
}

TEST(Rsvqa, JoinsThreeFilesAndLeavesOutWhatIsInactive) {
  MadeSet set;
  for (const char* name : {"images/0.png", "images/1.png"}) set.picture(name, 16, 16);
  set.text("LR_split_train_images.json", R"({"images":[{"id":0,"active":true},{"id":1,"active":false}]})");
  set.text("LR_split_train_questions.json", R"({"questions":[
    {"id":10,"img_id":0,"type":"presence","question":"Is there a road?","answers_ids":[20],"active":true},
    {"id":11,"img_id":0,"type":"count","question":"How many?","answers_ids":[21],"active":false},
    {"id":12,"img_id":1,"type":"count","question":"How many?","answers_ids":[22],"active":true},
    {"id":13,"img_id":0,"type":"rural_urban","question":"Rural or urban?","active":true}]})");
  set.text("LR_split_train_answers.json", R"({"answers":[{"id":20,"question_id":10,"answer":"yes","active":true},
    {"id":21,"question_id":11,"answer":"3","active":true},{"id":22,"question_id":12,"answer":"4","active":true},
    {"id":23,"quesiton_id":13,"answer":"rural","active":true}]})");
  const ReadSet read = readAll({.source = set.path()});
  ASSERT_EQ(read.records.size(), 2U);
  EXPECT_EQ(read.records[0].questions.at(0).answer, "yes");
  EXPECT_EQ(read.records[0].questions[0].type, "presence");
  EXPECT_EQ(read.records[0].image.filename(), "0.png");
  EXPECT_EQ(read.records[1].questions.at(0).answer, "rural");
  EXPECT_EQ(read.report.skippedCount(), 0);
  EXPECT_EQ(readAll({.source = set / "LR_split_train_questions.json"}).records.size(), 2U);
}

TEST(Captions, ReadsEveryPublishedForm) {
  MadeSet set;
  for (const char* name : {"images/a.png", "images/b.png"}) set.picture(name, 16, 16);
  set.text(
      "rsicd.json",
      R"({"dataset":"rsicd","images":[{"filename":"a.png","split":"train","sentences":[{"raw":"A road ."},{"raw":" Two roads ."}]},
              {"filename":"b.png","split":"test","sentences":[{"raw":"A lake ."}]}]})");
  set.text("rsicap.json", R"({"annotations":[{"filename":"a.png","text_input":"","text_output":"A long one."}]})");
  set.text(
      "rsieval.json",
      R"({"annotations":[{"filename":"a.png","caption":"C.","qa_pairs":[{"question":"How many?","answer":"Two.","type":"quantity"}]}]})");
  set.text("own.jsonl",
           "{\"image\":\"images/a.png\",\"caption\":\"One.\",\"detail\":\"More of it.\",\"attributes\":{\"water\":0}}\n");
  const ReadSet rsicd = readAll({.source = set / "rsicd.json"});
  ASSERT_EQ(rsicd.records.size(), 2U);
  EXPECT_EQ(rsicd.records[0].captions, (std::vector<std::string>{"A road .", "Two roads ."}));
  EXPECT_EQ(readAll({.source = set / "rsicd.json", .part = "test"}).records.size(), 1U);
  EXPECT_EQ(readAll({.source = set / "rsicap.json"}).records.at(0).captions.at(0), "A long one.");
  const ReadSet rsieval = readAll({.source = set / "rsieval.json"});
  EXPECT_EQ(rsieval.records.at(0).questions.at(0).type, "quantity");
  EXPECT_EQ(rsieval.records[0].captions.at(0), "C.");
  const ReadSet own = readAll({.source = set / "own.jsonl", .imageRoot = set.path()});
  EXPECT_EQ(own.records.at(0).captions.at(0), "One. More of it.");
}

TEST(Questions, MayHaveNoPictureAndMayHaveChoices) {
  MadeSet set;
  set.text("facts.jsonl",
           R"({"id":"q1","question":"Which band is red?","type":"choice","choices":["B3","B4"],"answer":"B4","split":"train"})"
           "\n"
           R"({"id":"q2","question":"How wide?","type":"numeric","answer":"290 km","split":"unseen"})"
           "\n");
  const ReadSet read = readAll({.source = set / "facts.jsonl", .part = "train"});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].questions.at(0).question, "Which band is red?\nA. B3\nB. B4");
  EXPECT_TRUE(read.records[0].image.empty());
  EXPECT_EQ(readAll({.source = set / "facts.jsonl"}).records.size(), 2U);
}

TEST(ClassFolders, NameTheScene) {
  MadeSet set;
  for (const char* name : {"airport/1.png", "beach/1.jpg", "beach/2.png"}) set.picture(name, 8, 8);
  const ReadSet read = readAll({.source = set.path()});
  EXPECT_EQ(read.classes, (std::vector<std::string>{"airport", "beach"}));
  ASSERT_EQ(read.records.size(), 3U);
  EXPECT_EQ(read.records[0].sceneClass, "airport");
  EXPECT_EQ(read.records[2].source, "beach/2.png");
}

TEST(Conversations, AreReadFromAListAndFromLines) {
  MadeSet set;
  set.picture("p/a.png", 8, 8);
  const std::string sample =
      R"({"id":5,"image":"p/a.png","conversations":[{"from":"human","value":"<image>\nWhat?"},{"from":"gpt","value":"A ship."}]})";
  set.text("list.json", "[\n" + sample + ",\n" + sample + "\n]\n");
  set.text("lines.jsonl", sample + "\n\n" + sample + "\n");
  for (const char* name : {"list.json", "lines.jsonl"}) {
    const ReadSet read = readAll({.source = set / name});
    ASSERT_EQ(read.records.size(), 2U) << name;
    EXPECT_EQ(read.records[1].turns.at(1).text, "A ship.");
    EXPECT_EQ(read.records[1].turns[0].role, Role::User);
    EXPECT_EQ(read.records[1].id, "5");
    EXPECT_EQ(read.records[1].widthPx, 8);
    EXPECT_NE(read.records[1].where.find(std::string(name) + ":3"), std::string::npos) << read.records[1].where;
  }
}

TEST(Conversations, KeepTheOrderOfSeveralPictures) {
  MadeSet set;
  for (const char* name : {"a.png", "b.png"}) set.picture(name, 8, 8);
  set.text(
      "c.jsonl",
      R"({"image":["b.png","a.png"],"conversations":[{"from":"human","value":"<image> <image> What changed?"},{"from":"gpt","value":"Nothing."}]})"
      "\n");
  const std::vector<Conversation> made = converted({.source = set / "c.jsonl"}, {.dialect = "rscovlm_polygon"});
  ASSERT_EQ(made.size(), 1U);
  ASSERT_EQ(made[0].images.size(), 2U);
  EXPECT_TRUE(made[0].images[0].ends_with("b.png"));
  EXPECT_TRUE(made[0].images[1].ends_with("a.png"));
}

TEST(Conversations, TakeTheFramesOfAVideoAsPictures) {
  MadeSet set;
  for (const char* name : {"a.png", "b.png", "c.png"}) set.picture(name, 8, 8);
  set.text(
      "c.json",
      R"([{"image":"c.png","video":["b.png","a.png"],"conversations":[{"from":"human","value":"<video> before <image>"},{"from":"gpt","value":"x"}]},
              {"video":"film.mp4","conversations":[{"from":"human","value":"<video>"},{"from":"gpt","value":"x"}]},
              {"video":["a.png"],"conversations":[{"from":"human","value":"<video><video>"},{"from":"gpt","value":"x"}]}])");
  const ReadSet read = readAll({.source = set / "c.json"});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].turns.at(0).text, "<image><image> before <image>");
  EXPECT_EQ(read.records[0].image.filename(), "b.png");
  ASSERT_EQ(read.records[0].further.size(), 2U);
  EXPECT_EQ(read.records[0].further[1].filename(), "c.png");
  EXPECT_EQ(read.report.count(BadKind::BrokenRecord), 2);
}

}  // namespace
}  // namespace orthoscribe::learn
