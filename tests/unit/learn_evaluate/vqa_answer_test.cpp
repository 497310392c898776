// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/vqa_answer.h"

#include <gtest/gtest.h>

#include <utility>

namespace orthoscribe::learn {
namespace {

// rsmoe_and_metrics.md section 6.8
TEST(VqaAnswer, NormalFormIsTheOfficialOne) {
  const std::pair<const char*, const char*> cases[] = {{"Yes.", "yes"},
                                                       {"The two  planes", "2 planes"},
                                                       {"dont know", "don't know"},
                                                       {"3,000 m2", "3000 m2"},
                                                       {"1,000.", "1000"},
                                                       {"residential/urban", "residential urban"},
                                                       {"0.5", "0.5"},
                                                       {"none", "0"},
                                                       {"a-b", "b"},
                                                       {"It is a T-junction.", "it is t junction"},
                                                       {"No, there isnt!", "no there isn't"},
                                                       {"", ""},
                                                       {"\t\n", ""}};
  for (const auto& [text, form] : cases) EXPECT_EQ(vqaNormalised(text), form) << text;
}

TEST(VqaAnswer, NumbersAreDigitsOrWords) {
  EXPECT_EQ(firstNumber("There are 3,000 of them"), 3000);
  EXPECT_EQ(firstNumber("about twelve cars"), 12);
  EXPECT_EQ(firstNumber("no ships"), 0);
  EXPECT_EQ(firstNumber("many"), std::nullopt);
}

TEST(VqaAnswer, IsReadByTheKindOfTruth) {
  EXPECT_TRUE(judgeVqa("Yes, two.", "yes").right);
  EXPECT_TRUE(judgeVqa("There are no ships.", "no").right);
  EXPECT_FALSE(judgeVqa("perhaps", "no").parsed);
  EXPECT_TRUE(judgeVqa("a rural area", "rural").right);
  EXPECT_FALSE(judgeVqa("rural and urban", "rural").parsed);
  EXPECT_EQ(judgeVqa("I count seven.", "9").difference, -2);
  EXPECT_FALSE(judgeVqa("lots", "9").parsed);
  EXPECT_TRUE(judgeVqa("The building.", "a building").right);
  EXPECT_FALSE(judgeVqa("buildings", "building").right);
}

TEST(VqaAnswer, PlainNumbersFallIntoIntervals) {
  EXPECT_TRUE(judgeVqa("10", "between 0 and 10").right);
  EXPECT_TRUE(judgeVqa("11", "between 10 and 100").right);
  EXPECT_FALSE(judgeVqa("10", "between 10 and 100").right);
  EXPECT_TRUE(judgeVqa("1,500 m2", "more than 1000m2").right);
  EXPECT_TRUE(judgeVqa("between 10 m2 and 100 m2", "between 10m2 and 100m2").right);
  EXPECT_FALSE(judgeVqa("between 0 and 10", "between 10 and 100").right);
  EXPECT_TRUE(judgeVqa("0", "0m2").right);
  EXPECT_FALSE(judgeVqa("a few", "between 10 and 100").parsed);
}

}  // namespace
}  // namespace orthoscribe::learn
