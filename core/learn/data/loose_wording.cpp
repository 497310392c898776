// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loose_wording.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace orthoscribe::learn {
namespace {

constexpr double kCommonFrom = 0.05;  // share of the questions
constexpr double kLeftAlone = 0.4;    // share of the questions that stay as they are
constexpr double kLeftOut = 0.12;     // of common words
constexpr double kExchanged = 0.12;
constexpr double kAdded = 0.05;

bool isPlain(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

std::string firstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::set<std::string> wordsOf(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> words;
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

}  // namespace

std::vector<std::string> plainWords(const std::vector<std::string>& texts) {
  std::set<std::string> words;
  for (const std::string& text : texts) {
    for (const std::string& word : wordsOf(text)) {
      if (isPlain(word)) words.insert(word);
    }
  }
  return {words.begin(), words.end()};
}

LooseWording::LooseWording(const std::vector<QuestionAnswer>& questions, std::vector<std::string> strangers)
    : others_(std::move(strangers)) {
  std::map<std::string, std::size_t> counts;
  for (const QuestionAnswer& pair : questions) {
    for (const std::string& word : wordsOf(firstLine(pair.question))) ++counts[word];
  }
  for (const auto& [word, count] : counts) {
    if (isPlain(word) && static_cast<double>(count) >= kCommonFrom * static_cast<double>(questions.size())) common_.insert(word);
  }
  others_.insert(others_.end(), common_.begin(), common_.end());
}

std::string LooseWording::loosened(const std::string& question, Random& random) const {
  if (others_.empty() || uniform(random, 0, 1) < kLeftAlone) return question;
  const std::string line = firstLine(question);
  std::string loose;
  const auto say = [&](const std::string& word) { loose += (loose.empty() ? "" : " ") + word; };
  const auto another = [&]() -> const std::string& { return others_[random() % others_.size()]; };
  std::istringstream stream(line);
  for (std::string word; stream >> word;) {
    if (!common_.contains(word)) {
      say(word);
      continue;
    }
    if (uniform(random, 0, 1) < kAdded) say(another());
    const double fate = uniform(random, 0, 1);
    if (fate >= kLeftOut) say(fate < kLeftOut + kExchanged ? another() : word);
  }
  return loose + question.substr(line.size());
}

}  // namespace orthoscribe::learn
