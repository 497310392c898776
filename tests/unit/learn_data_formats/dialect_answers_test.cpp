// SPDX-License-Identifier: GPL-2.0-or-later
// Whatever dialect a set is converted to: its own parser finds the labelled boxes in the answers again, and the question is the
// one it is asked with.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/geo/polygon.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

constexpr int kWidth = 420;
constexpr int kHeight = 336;
const std::vector<std::string> kClasses = {"storage-tank", "Large_Vehicle", "ship"};

// Boxes well inside, large enough for the coarsest unit, percent.
void writeSet(const MadeSet& set, bool upright) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> share(0, 1);
  std::string lines;
  for (int i = 0; i < 12; ++i) {
    const geo::Point centre{70 + (kWidth - 140) * share(random), 70 + (kHeight - 140) * share(random)};
    const geo::OrientedBox box{centre, 70 + 40 * share(random), 45 + 20 * share(random), upright ? 0 : -90 + 180 * share(random)};
    for (const geo::Point corner : geo::corners(box)) lines += std::to_string(corner.x) + " " + std::to_string(corner.y) + " ";
    lines += kClasses[std::size_t(i) % 2] + " 0\n";
  }
  set.picture("images/a.png", kWidth, kHeight);
  set.picture("images/b.png", kWidth, kHeight);
  set.text("labels/a.txt", lines);
  set.text("labels/b.txt", "");
}

geo::Quad boundsOf(const geo::Quad& quad) {
  const auto [left, right] = std::ranges::minmax(quad, {}, &geo::Point::x);
  const auto [top, bottom] = std::ranges::minmax(quad, {}, &geo::Point::y);
  return {geo::Point{left.x, top.y}, {right.x, top.y}, {right.x, bottom.y}, {left.x, bottom.y}};
}

bool knowsAngles(const std::string& dialect) {
  return dialect != "rscovlm_hbb" && dialect != "qwen2_5_vl" && dialect != "qwen3_vl" && dialect != "internvl";
}

class DialectAnswers : public testing::TestWithParam<std::string> {
 protected:
  std::vector<Conversation> conversations(const MadeSet& set) const {
    return converted({.source = set.path(), .classes = kClasses}, {.dialect = GetParam()});
  }
  const tasks::Dialect& dialect() const { return tasks::dialectNamed(GetParam()); }
};

TEST_P(DialectAnswers, AreParsedBackToTheLabelledBoxes) {
  for (const bool upright : {true, false}) {
    MadeSet set;
    writeSet(set, upright);
    const tasks::PictureFrame frame = dialect().frameOf(kWidth, kHeight);
    // Its square picture does not keep the right angles of an oblong one.
    const double least = GetParam() == "starter" ? 0.8 : 0.9;
    std::size_t found = 0;
    for (const Conversation& made : conversations(set)) {
      SCOPED_TRACE(made.turns.back().text);
      std::vector<std::string> asked;
      for (const LabelledShape& shape : made.objects) asked.push_back(dialect().spokenName(shape.label));
      asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
      const tasks::ParsedAnswer answer = dialect().parse(made.turns.back().text, frame, asked, true);
      EXPECT_EQ(answer.dropped, 0);
      ASSERT_EQ(answer.boxes.size(), made.objects.size());
      for (std::size_t i = 0; i < answer.boxes.size(); ++i) {
        const geo::Quad& labelled = made.objects[i].quad;
        EXPECT_EQ(answer.boxes[i].label, dialect().spokenName(made.objects[i].label));
        EXPECT_GT(geo::polygonIou(answer.boxes[i].quad, knowsAngles(GetParam()) ? labelled : boundsOf(labelled)), least);
      }
      found += answer.boxes.size();
    }
    EXPECT_EQ(found, 12U);
  }
}

TEST_P(DialectAnswers, AskAsTheModelIsAskedAndSayWhenThereIsNothing) {
  MadeSet set;
  writeSet(set, false);
  bool sawNothing = false;
  for (const Conversation& made : conversations(set)) {
    const std::size_t question = made.turns.size() - 2;
    EXPECT_EQ(made.task, "detection");
    EXPECT_EQ(made.turns[question].role, Role::User);
    EXPECT_NE(made.turns[question].text.find(kImageMarker), std::string::npos) << made.turns[question].text;
    if (!made.objects.empty()) continue;
    sawNothing = true;
    const std::string& answer = made.turns.back().text;
    EXPECT_EQ(answer, GetParam() == "starter" ? "none" : "There are none.");
    EXPECT_TRUE(dialect().parse(answer, dialect().frameOf(kWidth, kHeight), {"ship"}, true).boxes.empty());
  }
  EXPECT_TRUE(sawNothing);
}

TEST_P(DialectAnswers, ToPhrasesAreParsedBack) {
  const std::vector<tasks::BoxShape> shapes = dialect().tasks().groundShapes();
  if (shapes.empty()) GTEST_SKIP() << GetParam() << " does not find what phrases mean";
  MadeSet set;
  set.picture("a.png", kWidth, kHeight);
  set.text("r.jsonl", R"({"image_id":"a.png","question":"the largest ship","poly":[[100,60],[200,100],[180,150],[80,110]]})"
                      "\n"
                      R"({"image_id":"a.png","question":"the pier","bbox":[40,50,140,130]})"
                      "\n");
  const std::vector<Conversation> made = converted({.source = set / "r.jsonl", .imageRoot = set.path()}, {.dialect = GetParam()});
  ASSERT_EQ(made.size(), 2U);
  const tasks::PictureFrame frame = dialect().frameOf(kWidth, kHeight);
  for (const Conversation& conversation : made) {
    SCOPED_TRACE(conversation.turns.back().text);
    EXPECT_EQ(conversation.task, "grounding");
    const tasks::BoxShape shape = conversation.type == "upright" ? tasks::BoxShape::Upright : tasks::BoxShape::Turned;
    const tasks::ParsedAnswer answer =
        dialect().tasks().parseGround(conversation.turns.back().text, dialect(), frame, conversation.objects[0].label, shape);
    ASSERT_EQ(answer.boxes.size(), 1U);
    const geo::Quad& truth = conversation.objects[0].quad;
    EXPECT_GT(geo::polygonIou(answer.boxes[0].quad, shape == tasks::BoxShape::Upright ? boundsOf(truth) : truth), 0.9);
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const std::string_view name : tasks::dialectNames()) all.emplace_back(name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, DialectAnswers, testing::ValuesIn(names()), [](const auto& chosen) { return chosen.param; });

}  // namespace
}  // namespace orthoscribe::learn
