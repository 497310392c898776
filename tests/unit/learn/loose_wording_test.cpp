// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loose_wording.h"

#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

namespace orthoscribe::learn {
namespace {

std::vector<QuestionAnswer> questions() {
  std::vector<QuestionAnswer> made;
  for (int number = 1; number <= 30; ++number)
    made.push_back({"which band of Sensor-" + std::to_string(number) + " sees red?\nA. B1\nB. B2", "B1"});
  made.push_back({"which agency flies Landsat?", "USGS"});
  return made;
}

std::vector<std::string> wordsOf(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

TEST(LooseWording, OnlyWordsOfManyQuestionsAreCommon) {
  const LooseWording loose(questions(), {});
  EXPECT_EQ(loose.commonWords(), (std::set<std::string>{"which", "band", "of", "sees"}));
}

TEST(LooseWording, KeepsNamesRareWordsAndOptions) {
  const std::vector<QuestionAnswer> all = questions();
  const LooseWording loose(all, {"stranger"});
  Random random(5);
  int same = 0;
  int strangers = 0;
  for (int draw = 0; draw < 400; ++draw) {
    const std::string text = loose.loosened(all[6].question, random);
    same += text == all[6].question ? 1 : 0;
    strangers += text.find("stranger") != std::string::npos ? 1 : 0;
    EXPECT_NE(text.find("Sensor-7"), std::string::npos) << text;
    EXPECT_NE(text.find("red?\nA. B1\nB. B2"), std::string::npos) << text;
    for (const std::string& word : wordsOf(text.substr(0, text.find('\n'))))
      EXPECT_TRUE(loose.commonWords().contains(word) || word == "Sensor-7" || word == "red?" || word == "stranger") << word;
  }
  EXPECT_GT(same, 120);
  EXPECT_LT(same, 350);
  EXPECT_GT(strangers, 10);
}

TEST(LooseWording, IsDrawnByTheRandomNumbersAlone) {
  const std::vector<QuestionAnswer> all = questions();
  const LooseWording loose(all, {"stranger"});
  Random one(9);
  Random other(9);
  for (int draw = 0; draw < 50; ++draw) EXPECT_EQ(loose.loosened(all[3].question, one), loose.loosened(all[3].question, other));
}

TEST(LooseWording, PlainWordsAreSmallLettersAlone) {
  EXPECT_EQ(plainWords({"A road, two Cars", "two roads"}), (std::vector<std::string>{"roads", "two"}));
}

}  // namespace
}  // namespace orthoscribe::learn
