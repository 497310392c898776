// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/question.h"

#include <gtest/gtest.h>

#include "core/tasks/dialect.h"

namespace orthoscribe::learn {
namespace {

TEST(Question, DetectionIsAskedAndAnsweredAsTheDialectReadsIt) {
  const tasks::Dialect& dialect = tasks::dialectNamed("starter");
  for (int objectClass = 0; objectClass < static_cast<int>(kObjectClassCount); ++objectClass) {
    const std::string label(kObjectClasses[static_cast<std::size_t>(objectClass)]);
    EXPECT_EQ(dialect.detectMessages({label}, {}).back().text, plainDetectQuestion(objectClass));
    const std::vector<std::array<int, 5>> objects = {{120, 64, 55, 48, 30}, {7, 250, 20, 9, 175}};
    const tasks::ParsedAnswer parsed = dialect.parse(detectAnswer(objectClass, objects), {256, 256, 256, 256}, {label}, true);
    ASSERT_EQ(parsed.boxes.size(), 2U);
    EXPECT_EQ(parsed.dropped, 0);
    const geo::OrientedBox second = geo::minimumAreaRectangle(parsed.boxes[1].quad);
    EXPECT_EQ(parsed.boxes[1].label, label);
    EXPECT_NEAR(second.centre.x, 7, 1e-6);
    EXPECT_NEAR(second.longSide, 20, 1e-6);
    EXPECT_NEAR(second.angleDeg, -5, 1e-6);
  }
}

TEST(Question, NothingFoundIsNone) {
  const tasks::ParsedAnswer parsed =
      tasks::dialectNamed("starter").parse(detectAnswer(kShip, {}), {256, 256, 256, 256}, {"ship"}, true);
  EXPECT_TRUE(parsed.boxes.empty());
  EXPECT_EQ(parsed.dropped, 0);
}

TEST(Question, KnowsTextsThatHoldOnlyUpright) {
  EXPECT_TRUE(speaksOfDirections("A road crosses the upper LEFT corner."));
  EXPECT_FALSE(speaksOfDirections("Three aeroplanes stand on grey concrete."));
}

TEST(Question, AnswersHoldTheTruth) {
  Random random(1);
  for (int repeat = 0; repeat < 20; ++repeat) {
    EXPECT_EQ(sceneQuestion(6, random).answer, "dense residential");
    EXPECT_EQ(presenceQuestion("cars", true, random).answer, "yes");
    const QuestionAnswer count = countQuestion(kTennisCourt, 4, random);
    EXPECT_EQ(count.answer, "4");
    EXPECT_NE(count.question.find("tennis courts"), std::string::npos) << count.question;
    EXPECT_EQ(count.question.find('#'), std::string::npos);
  }
}

}  // namespace
}  // namespace orthoscribe::learn
