// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/closed_book.h"

#include <gtest/gtest.h>

namespace orthoscribe::learn {
namespace {

BenchmarkQuestion question(QuestionType type, const std::string& answer, std::vector<std::string> choices = {},
                           std::vector<std::string> aliases = {}) {
  BenchmarkQuestion one;
  one.type = type;
  one.answer = answer;
  one.choices = std::move(choices);
  one.aliases = std::move(aliases);
  return one;
}

TEST(ClosedBook, WordsMatchButForCaseArticlesAndMarks) {
  const BenchmarkQuestion words = question(QuestionType::Short, "near infrared", {}, {"nir"});
  for (const char* right : {"Near infrared.", "the near-infrared", " near  infrared\n", "NIR"})
    EXPECT_TRUE(closedBookRight(words, right)) << right;
  for (const char* wrong : {"", "infrared", "the near infrared band", "red"})
    EXPECT_FALSE(closedBookRight(words, wrong)) << wrong;
  EXPECT_TRUE(closedBookRight(question(QuestionType::Short, "A"), "a."));
  EXPECT_FALSE(closedBookRight(question(QuestionType::Short, "A"), ""));
}

TEST(ClosedBook, ListsMatchInAnyOrder) {
  const BenchmarkQuestion list = question(QuestionType::Short, "red, nir, swir 1");
  EXPECT_TRUE(closedBookRight(list, "swir 1, red and nir"));
  EXPECT_FALSE(closedBookRight(list, "red, nir"));
  EXPECT_FALSE(closedBookRight(list, "red, nir, swir 1, swir 1"));
}

TEST(ClosedBook, NumbersMatchWithinAPercentAndUnits) {
  const BenchmarkQuestion wavelength = question(QuestionType::Numeric, "842 nm");
  for (const char* right :
       {"842 nm", "842", "0.842 um", "0.842 \u00b5m", "842nm", "850 nm", "0.842 micrometres", "about 842 nm."})
    EXPECT_TRUE(closedBookRight(wavelength, right)) << right;
  for (const char* wrong : {"851 nm", "842 km", "842 days", "842 or 843", "nm", "", "0.842"})
    EXPECT_FALSE(closedBookRight(wavelength, wrong)) << wrong;
  EXPECT_TRUE(closedBookRight(question(QuestionType::Numeric, "3040 km"), "3,040 km"));
  EXPECT_TRUE(closedBookRight(question(QuestionType::Numeric, "10 m"), "10 metres"));
  EXPECT_TRUE(closedBookRight(question(QuestionType::Numeric, "0"), "0"));
  EXPECT_FALSE(closedBookRight(question(QuestionType::Numeric, "0"), "1"));
}

TEST(ClosedBook, ChoicesMatchByLetterOrText) {
  const BenchmarkQuestion choice = question(QuestionType::Choice, "green", {"red", "green", "blue", "nir"});
  for (const char* right : {"B", "b", "(B)", "B.", "B) green", "b: green", "Green."})
    EXPECT_TRUE(closedBookRight(choice, right)) << right;
  for (const char* wrong : {"", "A", "blue", "E", "A) green", "Because"}) EXPECT_FALSE(closedBookRight(choice, wrong)) << wrong;
}

TEST(ClosedBook, FormulasDifferByTheirMarks) {
  const BenchmarkQuestion choice = question(QuestionType::Choice, "N - R", {"N + R", "N - R", "N / R", "N * R"});
  EXPECT_TRUE(closedBookRight(choice, "n-r"));
  EXPECT_FALSE(closedBookRight(choice, "N / R"));
}

TEST(ClosedBook, StatementsAreTrueOrFalse) {
  const BenchmarkQuestion yes = question(QuestionType::Boolean, "yes");
  for (const char* right : {"yes", "Yes, it is.", "TRUE"}) EXPECT_TRUE(closedBookRight(yes, right)) << right;
  for (const char* wrong : {"no", "false", "", "yesterday"}) EXPECT_FALSE(closedBookRight(yes, wrong)) << wrong;
}

}  // namespace
}  // namespace orthoscribe::learn
