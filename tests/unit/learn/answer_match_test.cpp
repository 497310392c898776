// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/answer_match.h"

#include <gtest/gtest.h>

namespace orthoscribe::learn {
namespace {

TEST(AnswerMatch, NormalisesCaseSpacesAndTheEnd) {
  EXPECT_EQ(normalisedAnswer("  Two \t ships ... "), "two ships");
  EXPECT_EQ(normalisedAnswer("farmland ? !"), "farmland");
  EXPECT_EQ(normalisedAnswer("\u00a0\u00c9T\u00c9\u3000\u00c9T\u00c9;"), "\u00e9t\u00e9 \u00e9t\u00e9");
  EXPECT_EQ(normalisedAnswer(" . "), "");
}

TEST(AnswerMatch, LeavesTheRestAlone) {
  EXPECT_EQ(normalisedAnswer("3.5"), "3.5");
  EXPECT_EQ(normalisedAnswer("a. top-left, maybe"), "a. top-left, maybe");
  EXPECT_EQ(normalisedAnswer("\u6e2f\u53e3\u3002"), "\u6e2f\u53e3\u3002");
  EXPECT_EQ(normalisedAnswer("!yes"), "!yes");
}

TEST(AnswerMatch, ComparesWholeAnswers) {
  EXPECT_TRUE(answersMatch("YES.", "yes"));
  EXPECT_FALSE(answersMatch("no, there is not", "no"));
  EXPECT_FALSE(answersMatch("river", "driver"));
}

TEST(AnswerMatch, RepairsWhatIsNoUtf8) {
  EXPECT_EQ(normalisedAnswer("yes\xff"), "yes\ufffd");
}

}  // namespace
}  // namespace orthoscribe::learn
