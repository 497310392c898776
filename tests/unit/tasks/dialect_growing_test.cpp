// SPDX-License-Identifier: GPL-2.0-or-later
// Answers that are still growing, and answers no model should give.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {
namespace {

std::string answerOf(const Dialect& dialect, const PictureFrame& frame) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += dialect.format({{60.0 + 20 * i, 120}, 60, 40, 0}, i % 2 == 0 ? "ship" : "storage tank", frame);
    text += i == 2 ? " and\n" : "\n";
    if (i == 2 && (dialect.name() == "starter" || dialect.name().starts_with("rscovlm"))) text.erase(text.size() - 5, 4);
  }
  return text;
}

class GrowingAnswer : public testing::TestWithParam<std::string_view> {};

TEST_P(GrowingAnswer, GivesOnlyWholeEntriesAndNeverTakesOneBack) {
  const Dialect& dialect = dialectNamed(GetParam());
  const PictureFrame frame = dialect.frameOf(256, 256);
  const std::string text = answerOf(dialect, frame);
  const std::vector<std::string> classes = {"ship", "storage tank"};
  const ParsedAnswer whole = dialect.parse(text, frame, classes, true);
  ASSERT_EQ(whole.boxes.size(), 6U) << text;
  std::size_t before = 0;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const ParsedAnswer part = dialect.parse(std::string_view(text).substr(0, length), frame, classes, false);
    ASSERT_GE(part.boxes.size(), before) << length;
    ASSERT_LE(part.consumed, length);
    before = part.boxes.size();
    for (std::size_t i = 0; i < part.boxes.size(); ++i) {
      ASSERT_EQ(part.boxes[i].label, whole.boxes[i].label) << length;
      ASSERT_EQ(part.boxes[i].quad, whole.boxes[i].quad) << length;
    }
  }
  EXPECT_EQ(before, 6U);
}

TEST_P(GrowingAnswer, CanBeContinuedFromWhatWasConsumed) {
  const Dialect& dialect = dialectNamed(GetParam());
  const PictureFrame frame = dialect.frameOf(256, 256);
  const std::string text = answerOf(dialect, frame);
  const std::vector<std::string> classes = {"ship", "storage tank"};
  const ParsedAnswer whole = dialect.parse(text, frame, classes, true);
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const ParsedAnswer part = dialect.parse(std::string_view(text).substr(0, length), frame, classes, false);
    const ParsedAnswer rest = dialect.parse(std::string_view(text).substr(part.consumed), frame, classes, true);
    std::vector<std::size_t> begins;
    for (const SpokenBox& box : part.boxes) {
      if (box.textBegin < part.consumed) begins.push_back(box.textBegin);
    }
    ASSERT_EQ(begins.size() + rest.boxes.size(), whole.boxes.size()) << length;
    for (std::size_t i = 0; i < rest.boxes.size(); ++i) {
      const SpokenBox& expected = whole.boxes[begins.size() + i];
      ASSERT_EQ(rest.boxes[i].label, expected.label) << length;
      ASSERT_EQ(rest.boxes[i].textBegin + part.consumed, expected.textBegin) << length;
    }
  }
}

TEST_P(GrowingAnswer, SurvivesRandomChanges) {
  const Dialect& dialect = dialectNamed(GetParam());
  const PictureFrame frame = dialect.frameOf(256, 256);
  const std::string original = answerOf(dialect, frame);
  const std::string spice = "[]{}()<>|\"'\\,:;-+.0123456789 \n\r\tuendfx\xC3\xFF`" + std::string(1, '\0');
  std::mt19937 random(11);
  for (int round = 0; round < 4000; ++round) {
    std::string text = original;
    for (int change = 1 + static_cast<int>(random() % 12); change > 0; --change) {
      const std::size_t at = random() % (text.size() + 1);
      switch (random() % 4) {
        case 0:
          text.insert(at, 1, spice[random() % spice.size()]);
          break;
        case 1:
          if (at < text.size()) text[at] = spice[random() % spice.size()];
          break;
        case 2:
          text.erase(at, random() % 9);
          break;
        default:
          text.insert(at, original.substr(random() % original.size(), random() % 40));
      }
    }
    for (const bool final : {true, false}) {
      const ParsedAnswer answer = dialect.parse(text, frame, {"ship", "storage tank"}, final);
      ASSERT_LE(answer.consumed, text.size());
      ASSERT_LE(answer.boxes.size(), text.size());
      for (const SpokenBox& box : answer.boxes) {
        ASSERT_LT(box.textBegin, box.textEnd);
        ASSERT_LE(box.textEnd, text.size());
        for (const geo::Point& corner : box.quad) ASSERT_TRUE(std::isfinite(corner.x) && std::isfinite(corner.y));
      }
    }
  }
}

// A quadratic parser would take hours here, and be stopped by the test's time limit.
TEST_P(GrowingAnswer, TakesLinearTimeOnMegabytesOfBrackets) {
  const Dialect& dialect = dialectNamed(GetParam());
  const PictureFrame frame = dialect.frameOf(256, 256);
  for (const std::string part :
       {"[",     "{",      "(",    "<",    "\"", "'",     "{\"",          "{\"bbox_2d\":[", "{\"bbox_2d\":[1,",
        "<ref>", "<box>[", "<p>{", "{<1>", "1,", "<loc_", "<loc_1><sep>", "a<loc_1>",       "-",
        "a ",    "\n",     "\\",   "[1,",  "]",  "}"}) {
    std::string text;
    while (text.size() < (1U << 20)) text += part;
    for (const bool final : {true, false}) {
      const ParsedAnswer answer = dialect.parse(text, frame, {"ship"}, final);
      EXPECT_TRUE(answer.boxes.empty()) << part;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GrowingAnswer, testing::ValuesIn(dialectNames()),
                         [](const auto& chosen) { return std::string(chosen.param); });

}  // namespace
}  // namespace orthoscribe::tasks
