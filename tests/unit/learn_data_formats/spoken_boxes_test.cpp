// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/spoken_boxes.h"

#include <gtest/gtest.h>

#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

TEST(SpokenBoxes, AreRescaledAndTruncated) {
  EXPECT_EQ(rescaledBoxes("a ship at [10, 20, 33, 99] and [[1,2,3,4,45]]; [1, 2] [a, b, c, d] [0.5, 1, 2, 3]", 504, 252),
            "a ship at [50, 50, 166, 249] and [[5, 5, 15, 10, 45]]; [1, 2] [a, b, c, d] [0.5, 1, 2, 3]");
  EXPECT_EQ(rescaledBoxes("nothing", 504, 252), "nothing");
}

TEST(SpokenBoxes, AreAWholeAnswerOrAPartOfOne) {
  EXPECT_TRUE(holdsOnlyBoxes("[1, 2, 3, 4]"));
  EXPECT_TRUE(holdsOnlyBoxes("[1, 2, 3, 4], [5, 6, 7, 8] and [[9, 9, 10, 10, 0]]."));
  EXPECT_FALSE(holdsOnlyBoxes("The ship is at [1, 2, 3, 4]."));
  EXPECT_FALSE(holdsOnlyBoxes(""));
}

std::string percentAnswer(const char* dialect, const char* question, const char* answer) {
  MadeSet set;
  set.picture("a.png", 560, 280);
  set.text("c.jsonl", std::string(R"({"image":"a.png","conversations":[{"from":"human","value":")") + question +
                          R"("},{"from":"gpt","value":")" + answer + "\"}]}\n");
  const std::vector<Conversation> made =
      converted({.source = set / "c.jsonl"}, {.dialect = dialect, .pixels = kOwnSize, .spokenUnit = SpokenUnit::Percent});
  return made.at(0).turns.at(0).text + " -> " + made[0].turns.at(1).text;
}

TEST(SpokenBoxes, OfReadyConversationsTakeTheDialectsUnits) {
  EXPECT_EQ(percentAnswer("rscovlm_polygon", "What is at [10, 20, 30, 40]?", "A ship near [50, 50, 60, 100]."),
            "What is at [56, 56, 168, 112]? -> A ship near [280, 140, 336, 280].");
  EXPECT_EQ(percentAnswer("qwen3_vl", "What is at [10, 20, 30, 40]?", "A ship."), "What is at [100, 200, 300, 400]? -> A ship.");
  EXPECT_EQ(percentAnswer("skynova", "What is at [10, 20, 30, 40]?", "A ship."), "What is at [10, 20, 30, 40]? -> A ship.");
  EXPECT_EQ(percentAnswer("rscovlm_hbb", "[refer] where is <p>the red ship</p>?", "[10, 20, 30, 40]"),
            "[refer] where is <p>the red ship</p>? -> 56,56,168,112 the red ship\n");
}

}  // namespace
}  // namespace orthoscribe::learn
