// SPDX-License-Identifier: GPL-2.0-or-later
// Formats of boxes: DOTA, COCO, YOLO.
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/learn/data/readers/dota.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

TEST(Dota, ReadsHeadersDifficultyAndPicturesWithoutObjects) {
  MadeSet set;
  set.picture("images/P1.png", 100, 80);
  set.picture("images/P2.png", 60, 60);
  set.text("labelTxt/P1.txt",
           "imagesource:GoogleEarth\ngsd:0.25\r\n10 20 50 20 50 30 10 30 small-vehicle 0\r\n\n1.5 2 9 2 9 8 1.5 8 ship 1\n");
  set.text("labelTxt/P2.txt", "");
  const ReadSet read = readAll({.source = set.path()});
  ASSERT_EQ(read.records.size(), 2U);
  const Record& first = read.records[0];
  EXPECT_EQ(first.widthPx, 100);
  EXPECT_EQ(first.heightPx, 80);
  EXPECT_EQ(first.source, "P1.png");
  EXPECT_TRUE(first.objectsKnown);
  ASSERT_EQ(first.objects.size(), 2U);
  EXPECT_EQ(first.objects[0].label, "small-vehicle");
  EXPECT_FALSE(first.objects[0].difficult);
  EXPECT_EQ(cornersText(first.objects[0].quad), "10,20 50,20 50,30 10,30");
  EXPECT_TRUE(first.objects[1].difficult);
  EXPECT_EQ(cornersText(first.objects[1].quad), "1.5,2 9,2 9,8 1.5,8");
  EXPECT_TRUE(read.records[1].objects.empty());
  EXPECT_TRUE(read.records[1].objectsKnown);
  EXPECT_EQ(read.report.skippedCount(), 0);
}

TEST(Dota, TakesTheDifficultFieldAsOptional) {
  EXPECT_FALSE(parseDotaLine("0 0 9 0 9 4 0 4 ship")->difficult);
  EXPECT_TRUE(parseDotaLine("0 0 9 0 9 4 0 4 ship 2")->difficult);
  EXPECT_THROW(parseDotaLine("0 0 9 0 9 4 0 4 ship 3"), Error);
  EXPECT_FALSE(parseDotaLine("gsd:0.3"));
}

TEST(Dota, FindsOnePictureOfTheNameAnywhereBelowTheRoot) {
  MadeSet set;
  set.picture("scenes/harbor/harbor1.jpg", 40, 40);
  set.text("objects/labels/harbor1.txt", "1 1 9 1 9 9 1 9 ship 0\n");
  const ReadSet read = readAll({.source = set / "objects", .imageRoot = set / "scenes"});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].source, "harbor/harbor1.jpg");
  set.picture("scenes/other/harbor1.jpg", 40, 40);
  const ReadSet doubtful = readAll({.source = set / "objects", .imageRoot = set / "scenes"});
  EXPECT_TRUE(doubtful.records.empty());
  ASSERT_EQ(doubtful.report.skipped().size(), 1U);
  EXPECT_NE(doubtful.report.skipped()[0].what.find("several pictures"), std::string::npos);
}

TEST(Dota, TilesOfOnePictureHaveOneSource) {
  MadeSet set;
  for (const char* tile : {"P0001__1.0__0___0", "P0001__1.0__824___0", "P0002__1024__0___0"}) {
    set.picture(std::string("images/") + tile + ".png", 20, 20);
    set.text(std::string("annfiles/") + tile + ".txt", "1 1 9 1 9 9 1 9 ship 0\n");
  }
  const ReadSet read = readAll({.source = set.path()}, "dota");
  ASSERT_EQ(read.records.size(), 3U);
  EXPECT_EQ(read.records[0].source, "P0001");
  EXPECT_EQ(read.records[1].source, "P0001");
  EXPECT_EQ(read.records[2].source, "P0002");
}

constexpr const char* kCoco = R"({
 "info": {"description": "a [list] in \"text\" }"},
 "images": [
  {"id": 7, "width": 64, "height": 48, "file_name": "a.png"},
  {"id": 8, "width": 32, "height": 32, "file_name": "b.png"}
 ],
 "annotations": [
  {"id": 1, "image_id": 7, "category_id": 2, "bbox": [4, 5, 10.5, 20], "iscrowd": 0},
  {"id": 2, "image_id": 7, "category_id": 1, "bbox": [0, 0, 1, 1], "segmentation": [[10, 10, 20, 12, 18, 22, 8, 20]]},
  {"id": 3, "image_id": 7, "category_id": 1, "segmentation": [[10, 10, 30, 10, 30, 20, 20, 20, 10, 20]], "bbox": [0, 0, 9, 9]},
  {"id": 4, "image_id": 7, "category_id": 1, "iscrowd": 1, "bbox": [30, 30, 8, 8], "segmentation": {"counts": [1, 2], "size": [48, 64]}}
 ],
 "categories": [{"id": 1, "name": "ship"}, {"id": 2, "name": "storage-tank"}]
})";

TEST(Coco, ReadsBoxesQuadsPolygonsAndCrowds) {
  MadeSet set;
  set.picture("images/a.png", 64, 48);
  set.picture("images/b.png", 32, 32);
  set.text("set.json", kCoco);
  const ReadSet read = readAll({.source = set / "set.json"});
  EXPECT_EQ(read.classes, (std::vector<std::string>{"ship", "storage-tank"}));
  ASSERT_EQ(read.records.size(), 2U);
  const std::vector<LabelledShape>& objects = read.records[0].objects;
  ASSERT_EQ(objects.size(), 4U);
  EXPECT_EQ(objects[0].label, "storage-tank");
  EXPECT_EQ(cornersText(objects[0].quad), "4,5 14.5,5 14.5,25 4,25");
  EXPECT_EQ(cornersText(objects[1].quad), "10,10 20,12 18,22 8,20");
  const geo::OrientedBox around = geo::minimumAreaRectangle(objects[2].quad);
  EXPECT_NEAR(around.longSide, 20, 1e-9);
  EXPECT_NEAR(around.shortSide, 10, 1e-9);
  EXPECT_TRUE(objects[3].difficult);
  EXPECT_FALSE(objects[1].difficult);
  EXPECT_TRUE(read.records[1].objects.empty());
  EXPECT_TRUE(read.records[1].objectsKnown);
}

TEST(YoloObb, ReadsPartsOfThePictureAndClassesFromYaml) {
  MadeSet set;
  set.picture("images/train/a.png", 200, 100);
  set.picture("images/val/b.png", 50, 50);
  set.text("labels/train/a.txt", "1 0.1 0.2 0.5 0.2 0.5 0.4 0.1 0.4\n0 0.5 0.5 0.2 0.4\n");
  set.text("data.yaml", "path: .\ntrain: images/train\nnames:\n  0: plane\n  1: large vehicle\n");
  const ReadSet read = readAll({.source = set.path()});
  EXPECT_EQ(read.classes, (std::vector<std::string>{"plane", "large vehicle"}));
  ASSERT_EQ(read.records.size(), 2U);
  ASSERT_EQ(read.records[0].objects.size(), 2U);
  EXPECT_EQ(read.records[0].objects[0].label, "large vehicle");
  EXPECT_EQ(cornersText(read.records[0].objects[0].quad), "20,20 100,20 100,40 20,40");
  EXPECT_EQ(cornersText(read.records[0].objects[1].quad), "80,30 120,30 120,70 80,70");
  EXPECT_TRUE(read.records[1].objects.empty());
  const ReadSet part = readAll({.source = set.path(), .part = "val"});
  ASSERT_EQ(part.records.size(), 1U);
  EXPECT_EQ(part.records[0].image.filename(), "b.png");
}

TEST(YoloObb, ReadsClassesFromText) {
  MadeSet set;
  set.picture("images/a.png", 10, 10);
  set.text("labels/a.txt", "1 0 0 1 0 1 1 0 1\n");
  set.text("labels/classes.txt", "plane\nship\n");
  const ReadSet read = readAll({.source = set.path()});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].objects.at(0).label, "ship");
}

TEST(YoloObb, FindsPicturesThatLieApart) {
  MadeSet set;
  set.picture("elsewhere/train/a.png", 10, 10);
  set.text("set/labels/train/a.txt", "0 0 0 1 0 1 1 0 1\n");
  set.text("set/classes.txt", "plane\n");
  const ReadSet read = readAll({.source = set / "set", .imageRoot = set / "elsewhere"}, "yolo-obb");
  EXPECT_EQ(read.records.at(0).objects.size(), 1U);
  std::filesystem::remove(set / "set/labels/train/a.txt");
  EXPECT_THROW(readAll({.source = set / "set", .imageRoot = set / "elsewhere"}, "yolo-obb"), Error);
}

TEST(YoloObb, RefusesASetWithoutNames) {
  MadeSet set;
  set.picture("images/a.png", 10, 10);
  set.text("labels/a.txt", "1 0 0 1 0 1 1 0 1\n");
  EXPECT_THROW(readAll({.source = set.path()}, "yolo-obb"), Error);
}

}  // namespace
}  // namespace orthoscribe::learn
