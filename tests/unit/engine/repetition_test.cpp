// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/repetition.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "byte_tokenizer.h"

namespace orthoscribe::engine {
namespace {

std::vector<text::TokenId> tokens(std::string_view text) {
  return ByteTokenizer().encode(text, false);
}

std::string times(int count, std::string_view text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

// After how many tokens an answer that goes on like this would be ended; 0: never.
std::size_t endedAfter(std::string_view text) {
  const std::vector<text::TokenId> ids = tokens(text);
  for (std::size_t count = 1; count <= ids.size(); ++count)
    if (endlessRepetition(std::span(ids).first(count))) return count;
  return 0;
}

TEST(EndlessRepetition, IsNoticedWithItsPeriod) {
  const std::vector<text::TokenId> ids = tokens("There are many ships. " + times(40, "car, "));
  const auto repetition = endlessRepetition(ids);
  ASSERT_TRUE(repetition);
  EXPECT_EQ(repetition->period, 5u);
  // The blank before the first "car, " is that of its end.
  EXPECT_EQ(repetition->length, 201u);
}

TEST(EndlessRepetition, IsNoticedEarlyAndForEveryPeriod) {
  EXPECT_EQ(endedAfter(times(500, "a")), 96u);
  EXPECT_EQ(endedAfter("x" + times(500, "ab ")), 97u);
  EXPECT_EQ(endedAfter("A ship: " + times(20, "<box>10,20,30,40 ship\n")), 8u + 96u);
  // A paragraph of a hundred tokens is said four times.
  std::string paragraph;
  for (int i = 0; i < 25; ++i) paragraph += "w" + std::to_string(100 + i);
  ASSERT_EQ(paragraph.size(), 100u);
  EXPECT_EQ(endedAfter(times(10, paragraph)), 400u);
}

TEST(EndlessRepetition, IsNotWhatListsOfObjectsLookLike) {
  std::string lines, json, sameLabel;
  for (int i = 0; i < 300; ++i) {
    lines += "ship " + std::to_string(i % 200) + " " + std::to_string(17 * i % 251) + " 20 10 0\n";
    json += R"({"bbox_2d": [)" + std::to_string(10 + i) + ", 20, " + std::to_string(30 + i) + R"(, 40], "label": "car"}, )";
    sameLabel += "car " + std::to_string(i / 20) + std::to_string(i % 20) + ";";
  }
  EXPECT_EQ(endedAfter(lines), 0u);
  EXPECT_EQ(endedAfter(json), 0u);
  EXPECT_EQ(endedAfter(sameLabel), 0u);
}

TEST(EndlessRepetition, IsNotAWordSaidSomeTimes) {
  EXPECT_EQ(endedAfter("car car"), 0u);
  EXPECT_EQ(endedAfter("car car car car car, and a truck; no, no, no, no, no."), 0u);
  EXPECT_EQ(endedAfter("| --- | --- | --- | --- | --- | --- | --- | --- |"), 0u);
  EXPECT_EQ(endedAfter(times(40, "-") + "\n" + times(40, "=")), 0u);
  // The same object named three times by a model that stammers.
  EXPECT_EQ(endedAfter(times(3, "10,20,30,20,30,40,10,40 large vehicle number one\n")), 0u);
}

TEST(EndlessRepetition, EndsWithTheChange) {
  EXPECT_FALSE(endlessRepetition(tokens(times(40, "car, ") + "and a ship")));
  EXPECT_FALSE(endlessRepetition({}));
}

}  // namespace
}  // namespace orthoscribe::engine
