// SPDX-License-Identifier: GPL-2.0-or-later
// Real sets, where they are at hand.
#include <gtest/gtest.h>

#include "core/geo/polygon.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data";

std::size_t objectsIn(const ReadSet& set, const std::string& label) {
  std::size_t count = 0;
  for (const Record& record : set.records) {
    for (const LabelledShape& shape : record.objects) count += label.empty() || shape.label == label ? 1 : 0;
  }
  return count;
}

#define NEEDS(path) \
  if (!fs::exists(path)) GTEST_SKIP() << (path) << " is not at hand"

TEST(SharedSets, UcMercedBoxesAreFoundAmongTheScenes) {
  NEEDS(kData / "objects/ucmerced_obb");
  const ReadSet set = readAll({.source = kData / "objects/ucmerced_obb", .imageRoot = kData / "scenes/ucmerced"});
  EXPECT_EQ(set.records.size(), 529U);
  EXPECT_EQ(set.report.count(BadKind::UnreadableImage), 0);
  EXPECT_EQ(set.report.count(BadKind::BrokenRecord), 0);
  EXPECT_EQ(objectsIn(set, "") + std::size_t(set.report.skippedCount()), 2756U);
  EXPECT_EQ(objectsIn(set, "car"), 733U);
  for (const Record& record : set.records) EXPECT_TRUE(record.source.ends_with(".jpg")) << record.source;
}

TEST(SharedSets, UprightVehiclesOfMunich) {
  NEEDS(kData / "objects/kit_ais_munich");
  const ReadSet set = readAll({.source = kData / "objects/kit_ais_munich"});
  EXPECT_EQ(set.records.size(), 23U);
  EXPECT_EQ(objectsIn(set, "car") + objectsIn(set, "bus") + objectsIn(set, "minibus") + std::size_t(set.report.skippedCount()),
            951U);
}

TEST(SharedSets, DotasOwnSamplesWithHeaders) {
  NEEDS(kData / "unclear/dota_samples");
  const ReadSet set = readAll({.source = kData / "unclear/dota_samples"});
  EXPECT_EQ(set.records.size(), 2U);
  EXPECT_EQ(objectsIn(set, "ship"), 531U);
  EXPECT_EQ(objectsIn(set, "large-vehicle"), 50U);
  EXPECT_EQ(objectsIn(set, "small-vehicle"), 14U);
  EXPECT_EQ(objectsIn(set, "harbor"), 5U);
}

TEST(SharedSets, DotasPolygonsSurviveRscovlmsLines) {
  NEEDS(kData / "unclear/dota_samples");
  const std::vector<Conversation> made =
      converted({.source = kData / "unclear/dota_samples"}, {.dialect = "rscovlm_polygon", .pixels = kOwnSize});
  ASSERT_EQ(made.size(), 2U);
  const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_polygon");
  const Converter converter({.dialect = "rscovlm_polygon", .pixels = kOwnSize});
  std::size_t checked = 0;
  for (const ReadSet set = readAll({.source = kData / "unclear/dota_samples"}); const Record& record : set.records) {
    for (const Conversation& conversation : made) {
      if (conversation.source != record.source) continue;
      const tasks::ParsedAnswer answer =
          dialect.parse(conversation.turns.back().text, converter.frameOf(record.widthPx, record.heightPx), {}, true);
      ASSERT_EQ(answer.boxes.size(), conversation.objects.size());
      for (std::size_t i = 0; i < answer.boxes.size(); ++i) {
        // A pixel's truncation on objects of a few pixels.
        const double area = geo::area(conversation.objects[i].quad);
        if (area < 400) continue;
        EXPECT_GT(geo::polygonIou(answer.boxes[i].quad, conversation.objects[i].quad), 0.8);
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 100U);
}

TEST(SharedSets, CaptionsWrittenForThisProject) {
  NEEDS(kData / "captions");
  const ReadSet set = readAll({.source = kData / "captions", .imageRoot = kData});
  EXPECT_EQ(set.records.size(), 924U);
  EXPECT_EQ(set.report.skippedCount(), 0);
}

TEST(SharedSets, UcmCaptionsHaveFiveSentences) {
  NEEDS(kData / "unclear/captions/ucm_captions.json");
  const ReadSet set = readAll({.source = kData / "unclear/captions/ucm_captions.json", .imageRoot = kData});
  EXPECT_EQ(set.records.size(), 1859U);
  for (const Record& record : set.records) EXPECT_EQ(record.captions.size(), 5U) << record.where;
}

TEST(SharedSets, UcMercedScenes) {
  NEEDS(kData / "scenes/ucmerced");
  const ReadSet set = readAll({.source = kData / "scenes/ucmerced"});
  EXPECT_EQ(set.classes.size(), 21U);
  EXPECT_EQ(set.records.size(), 1859U);
}

TEST(SharedSets, TheBenchmarkIsClosedBookKnowledge) {
  const fs::path file = fs::path(ORTHOSCRIBE_SOURCE_DIR) / "resources/benchmark/train.jsonl";
  NEEDS(file);
  const std::vector<Conversation> made = converted({.source = file, .part = "train"}, {.dialect = "skynova"});
  EXPECT_GT(made.size(), 1000U);
  for (const Conversation& conversation : made) {
    EXPECT_EQ(conversation.task, "knowledge");
    EXPECT_EQ(conversation.turns.at(0).text.find(kImageMarker), std::string::npos);
  }
}

}  // namespace
}  // namespace orthoscribe::learn
