// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/nearest_name.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

TEST(FormatDetection, LooksAtTheSource) {
  MadeSet set;
  set.text("dota/labels/a.txt", "");
  set.text("flat/a.txt", "imagesource:x\n0 0 9 0 9 9 0 9 ship 0\n");
  set.text("yolo/classes.txt", "ship\n");
  set.text("yolo/labels/a.txt", "0 0 0 1 0 1 1 0 1\n");
  set.text("coco.json", R"({"annotations":[],"images":[{"id":1}],"categories":[]})");
  set.text("captions.json", R"({"images":[{"filename":"a","sentences":[{"raw":"x"}]}]})");
  set.text("refgeo.jsonl", R"({"image_id":"a","question":"b","poly":[]})");
  set.text("talk.jsonl", R"({"conversations":[]})");
  set.text("talk.json", R"([{"id":1,"conversations":[]}])");
  set.text("facts.jsonl", R"({"question":"a","answer":"b"})");
  set.picture("scenes/a/1.png", 4, 4);
  set.picture("scenes/b/1.png", 4, 4);
  const std::pair<const char*, const char*> expected[] = {{"dota", "dota"},
                                                          {"flat", "dota"},
                                                          {"flat/a.txt", "dota"},
                                                          {"yolo", "yolo-obb"},
                                                          {"coco.json", "coco"},
                                                          {"captions.json", "captions"},
                                                          {"refgeo.jsonl", "refgeo"},
                                                          {"talk.jsonl", "conversations"},
                                                          {"talk.json", "conversations"},
                                                          {"facts.jsonl", "questions"},
                                                          {"scenes", "class-folders"}};
  for (const auto& [source, format] : expected) EXPECT_EQ(formatFor({}, set / source).name, format) << source;
}

std::string refusal(std::string_view format, const std::filesystem::path& source) {
  try {
    formatFor(format, source);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(FormatDetection, RefusesWithWordsThatHelp) {
  MadeSet set;
  set.text("notes.md", "nothing");
  EXPECT_NE(refusal("dotta", set.path()).find("'dota'"), std::string::npos);
  EXPECT_NE(refusal("", set / "notes.md").find("--format"), std::string::npos);
  EXPECT_NE(refusal("", set / "gone").find("does not exist"), std::string::npos);
}

TEST(NearestName, CountsLettersWithoutCase) {
  const std::vector<std::string> known = {"ship", "storage tank", "plane"};
  EXPECT_EQ(nearestName("Shipp", known), "ship");
  EXPECT_EQ(nearestName("storage-tanks", known), "storage tank");
  EXPECT_EQ(nearestName("plain", known), "plane");
  EXPECT_EQ(nearestName("x", {}), "");
}

}  // namespace
}  // namespace orthoscribe::learn
