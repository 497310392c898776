// SPDX-License-Identifier: GPL-2.0-or-later
// Each kind of bad record is told with its place, passed over once, and ends the work when there are too many.
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/learn/data/convert/check_source.h"
#include "core/learn/data/convert/convert_sources.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

std::string told(const SkipReport& report) {
  std::string text;
  for (const BadRecord& bad : report.skipped())
    text +=
        std::string(nameOf(bad.kind)) + " | " + std::filesystem::path(bad.where).filename().string() + " | " + bad.what + "\n";
  return text;
}

TEST(BadRecords, OfLabelsAreToldAndPassedOver) {
  MadeSet set;
  set.picture("images/a.png", 100, 50);
  set.text("labels/a.txt",
           "10 10 20 10 20 20 10 20 ship 0\n"      // good
           "10 10 20 10 20 20 10 20 shp 0\n"       // unknown class
           "10 10 10 10 10 20 10 20 ship 0\n"      // no area
           "110 10 120 10 120 20 110 20 ship 0\n"  // outside
           "90 10 120 10 120 20 90 20 ship 0\n"    // cut
           "10 10 20 10 20 20 10 ship 0\n"         // a number is missing
           "10 10 20 10 20 nan 10 20 ship 0\n");   // no number
  const ReadSet read = readAll({.source = set.path(), .classes = {"ship", "plane"}});
  ASSERT_EQ(read.records.size(), 1U);
  ASSERT_EQ(read.records[0].objects.size(), 2U);
  EXPECT_EQ(cornersText(read.records[0].objects[1].quad), "90,10 100,10 100,20 90,20");
  EXPECT_TRUE(read.records[0].objects[1].difficult);
  EXPECT_FALSE(read.records[0].objects[0].difficult);
  EXPECT_EQ(read.report.clippedCount(), 1);
  EXPECT_EQ(read.report.count(BadKind::UnknownClass), 1);
  EXPECT_EQ(read.report.count(BadKind::NoArea), 1);
  EXPECT_EQ(read.report.count(BadKind::OutsideImage), 1);
  EXPECT_EQ(read.report.count(BadKind::BrokenRecord), 2);
  EXPECT_EQ(told(read.report),
            "unknown class | a.txt:2 | class 'shp' is not in the list; the nearest is 'ship'\n"
            "no area | a.txt:3 | a box without area, (10, 10) to (10, 20)\n"
            "outside the picture | a.txt:4 | a box outside the picture, (110, 10) to (120, 20) on 100x50 pixels\n"
            "broken record | a.txt:6 | 'ship' is not a number that a picture can have\n"
            "broken record | a.txt:7 | 'nan' is not a number that a picture can have\n");
  EXPECT_EQ(read.report.summary(), "5 skipped: 2 broken record, 1 unknown class, 1 outside the picture, 1 no area");
}

TEST(BadRecords, OfPicturesTakeNoLabels) {
  MadeSet set;
  set.picture("images/a.png", 100, 50);
  set.text("a.json", R"({"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "name": "b.png"}],
      "categories": [{"id": 1, "name": "ship"}], "annotations": [{"image_id": 2, "category_id": 1, "bbox": [1, 1, 5, 5]}]})");
  const ReadSet read = readAll({.source = set / "a.json"});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_TRUE(read.records[0].objects.empty());
  ASSERT_EQ(read.report.count(BadKind::BrokenRecord), 2);
  EXPECT_NE(read.report.skipped()[1].what.find("there is no picture"), std::string::npos) << read.report.skipped()[1].what;
}

TEST(BadRecords, OfJsonMayBeFarOutOrNestedWithoutEnd) {
  MadeSet set;
  set.picture("images/a.png", 100, 50);
  const std::string deep(200'000, '[');
  set.text("a.json", R"({"images": [{"id": 1, "file_name": "a.png"}], "categories": [{"id": 1, "name": "ship"}], "annotations": [
      {"image_id": 1, "category_id": 1, "bbox": [10, 10, 1e200, 1e200]},
      {"image_id": 1, "category_id": 1, "bbox": [-1e308, 0, 1e308, 10]},
      {"image_id": 1, "category_id": 1, "bbox": )" +
                         deep + std::string(deep.size(), ']') + R"(},
      {"image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]}]})");
  const ReadSet read = readAll({.source = set / "a.json"});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].objects.size(), 1U);
  EXPECT_EQ(read.report.count(BadKind::BrokenRecord), 3);
}

TEST(BadRecords, OfLabelsDoNotTeachThatNothingIsThere) {
  MadeSet set;
  set.picture("images/a.png", 10, 10);
  set.picture("images/b.png", 10, 10);
  set.text("labels/a.txt", "1 1 5 1 5 5 1 ship 0\n");
  set.text("labels/b.txt", "");
  const ReadSet read = readAll({.source = set.path()});
  ASSERT_EQ(read.records.size(), 2U);
  EXPECT_FALSE(read.records[0].objectsKnown);
  EXPECT_TRUE(read.records[1].objectsKnown);
}

TEST(BadRecords, OfPicturesAreToldAndPassedOver) {
  MadeSet set;
  set.picture("images/a.png", 10, 10);
  set.text("images/b.png", "this is no picture");
  for (const char* name : {"a", "b", "c"}) set.text(std::string("labels/") + name + ".txt", "1 1 5 1 5 5 1 5 ship 0\n");
  const ReadSet read = readAll({.source = set.path()});
  EXPECT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.report.count(BadKind::UnreadableImage), 1);
  EXPECT_EQ(read.report.count(BadKind::BrokenRecord), 1);
  EXPECT_NE(told(read.report).find("there is no picture 'c'"), std::string::npos) << told(read.report);
}

TEST(BadRecords, OfJsonHaveALine) {
  MadeSet set;
  set.picture("a.png", 10, 10);
  const std::string good = R"({"image":"a.png","conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]})";
  set.text("talk.jsonl", good + "\n{\"image\": \"a.png\", \"conv\n" + good + "\n" +
                             R"({"image":"a.png","conversations":[{"from":"gpt","value":"A"}]})" + "\n" +
                             R"({"image":"gone.png","conversations":[{"from":"human","value":"Q"}]})" + "\n");
  const ReadSet read = readAll({.source = set / "talk.jsonl"}, "conversations");
  EXPECT_EQ(read.records.size(), 2U);
  const std::vector<BadRecord>& bad = read.report.skipped();
  ASSERT_EQ(bad.size(), 3U);
  EXPECT_TRUE(bad[0].where.ends_with("talk.jsonl:2")) << bad[0].where;
  EXPECT_NE(bad[0].what.find("not valid JSON"), std::string::npos);
  EXPECT_TRUE(bad[1].where.ends_with("talk.jsonl:4"));
  EXPECT_NE(bad[1].what.find("human should speak"), std::string::npos) << bad[1].what;
  EXPECT_EQ(bad[2].kind, BadKind::UnreadableImage);
}

TEST(BadRecords, OfCocoNameTheirElement) {
  MadeSet set;
  set.picture("a.png", 10, 10);
  set.text("set.json", R"({"images":[{"id":1,"file_name":"a.png"}],
"categories":[{"id":1,"name":"ship"}],
"annotations":[
{"image_id":1,"category_id":1,"bbox":[1,1,4,4]},
{"image_id":9,"category_id":1,"bbox":[1,1,4,4]},
{"image_id":1,"category_id":7,"bbox":[1,1,4,4]},
{"image_id":1,"category_id":1,"bbox":[1,1,4]},
{"image_id":1,"category_id":1,"bbox":[1,1,4,0]}
]})");
  const ReadSet read = readAll({.source = set / "set.json"});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].objects.size(), 1U);
  const std::vector<BadRecord>& bad = read.report.skipped();
  ASSERT_EQ(bad.size(), 4U);
  EXPECT_TRUE(bad[0].where.ends_with("set.json:5 (annotations[1])")) << bad[0].where;
  EXPECT_NE(bad[0].what.find("\"image_id\" 9"), std::string::npos) << bad[0].what;
  EXPECT_NE(bad[1].what.find("category 7"), std::string::npos);
  EXPECT_NE(bad[2].what.find("\"bbox\""), std::string::npos);
  EXPECT_EQ(bad[3].kind, BadKind::NoArea);
  EXPECT_TRUE(bad[3].where.ends_with("(annotations[4])"));
}

TEST(SkipReport, EndsTheWorkBeyondItsLimit) {
  SkipReport report({.share = 0.5, .atLeast = 2});
  report.skip({BadKind::NoArea, "a:1", "x"});
  report.skip({BadKind::NoArea, "a:2", "x"});
  for (int i = 0; i < 3; ++i) report.good();
  report.skip({BadKind::BrokenRecord, "a:6", "x"});  // three of six
  try {
    report.skip({BadKind::BrokenRecord, "a:7", "the last straw"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_NE(error.message().find("4 skipped: 2 broken record, 2 no area"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("a:7: the last straw"), std::string::npos);
  }
}

TEST(SkipReport, AllowsTwentyOfAnySet) {
  MadeSet set;
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "broken\n";
  set.picture("images/a.png", 10, 10);
  set.text("labels/a.txt", lines + "1 1 5 1 5 5 1 5 ship 0\n");
  SkipReport twenty;
  EXPECT_EQ(openSource("dota", {.source = set.path()}, twenty)->next()->objects.size(), 1U);
  set.text("labels/a.txt", lines + "broken\n1 1 5 1 5 5 1 5 ship 0\n");
  SkipReport more;
  EXPECT_THROW(openSource("dota", {.source = set.path()}, more)->next(), Error);
  EXPECT_EQ(more.skippedCount(), 21);
}

std::string failureOf(const MadeSet& set, const std::filesystem::path& source) {
  SkipReport report;
  const std::vector<SourceOptions> sources = {{.source = source}};
  try {
    convertSources(sources, "", {.dialect = "rscovlm_hbb"}, set / "out.jsonl", report, {}, {});
  } catch (const Error& error) {
    return error.message();
  }
  return {};
}

TEST(EmptySet, IsRefusedAndLeavesNoFile) {
  MadeSet set;
  std::filesystem::create_directories(set / "empty/labels");
  set.text("none.json", R"({"images":[],"annotations":[],"categories":[]})");
  set.text("bad/images/a.png", "no picture");
  set.text("bad/labels/a.txt", "1 1 5 1 5 5 1 5 ship 0\n");
  EXPECT_NE(failureOf(set, set / "empty").find("the data set is empty"), std::string::npos);
  EXPECT_NE(failureOf(set, set / "none.json").find("the data set is empty"), std::string::npos);
  EXPECT_NE(failureOf(set, set / "bad").find("1 unreadable picture"), std::string::npos) << failureOf(set, set / "bad");
  EXPECT_FALSE(std::filesystem::exists(set / "out.jsonl"));
  SkipReport report;
  EXPECT_THROW(checkSource({.source = set / "empty"}, "", report, {}, {}), Error);
}

TEST(CheckSource, FindsPicturesThatAreCutShort) {
  MadeSet set;
  set.picture("images/a.png", 300, 300);
  set.picture("images/b.png", 30, 30);
  std::filesystem::resize_file(set / "images/a.png", std::filesystem::file_size(set / "images/a.png") / 2);
  for (const char* name : {"a", "b"}) set.text(std::string("labels/") + name + ".txt", "1 1 5 1 5 5 1 5 ship 1\n");
  SkipReport report;
  const SourceCounts counts = checkSource({.source = set.path()}, "", report, {}, {});
  EXPECT_EQ(counts.format, "dota");
  EXPECT_EQ(report.count(BadKind::UnreadableImage), 1) << told(report);
  EXPECT_EQ(counts.difficult, counts.objects.at("ship"));
}

TEST(Conversion, CanBeCancelled) {
  MadeSet set;
  set.picture("images/a.png", 30, 30);
  set.text("labels/a.txt", "1 1 5 1 5 5 1 5 ship 1\n");
  CancelSource stop;
  stop.cancel();
  SkipReport report;
  const std::vector<SourceOptions> sources = {{.source = set.path()}};
  try {
    convertSources(sources, "", {.dialect = "starter"}, set / "out.jsonl", report, {}, stop.token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
  }
  EXPECT_FALSE(std::filesystem::exists(set / "out.jsonl"));
}

}  // namespace
}  // namespace orthoscribe::learn
