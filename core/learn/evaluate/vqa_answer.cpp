// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/vqa_answer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <vector>

#include "core/learn/evaluate/answer_match.h"
#include "core/learn/evaluate/vqa_contractions.h"
#include "core/text/unicode.h"

namespace orthoscribe::learn {
namespace {

constexpr std::array<char, 21> kMarks = {';',  '/', '[', ']', '"', '{', '}', '(', ')', '=', '+',
                                         '\\', '_', '-', '>', '<', '@', '`', ',', '?', '!'};
constexpr int kMaxPoints = 32;  // the official code passes a flag where the number of replacements belongs
constexpr std::array<std::string_view, 21> kNumberWords = {
    "zero",   "one",    "two",      "three",    "four",    "five",    "six",       "seven",    "eight",    "nine",  "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};

bool isDigit(char letter) {
  return std::isdigit(static_cast<unsigned char>(letter)) != 0;
}

std::string stripped(std::string text) {
  for (char& letter : text) {
    if (letter == '\n' || letter == '\t') letter = ' ';
  }
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool hasGroupedNumber(const std::string& text) {
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == ',' && isDigit(text[at - 1]) && isDigit(text[at + 1])) return true;
  }
  return false;
}

std::string withoutMarks(const std::string& original) {
  const bool grouped = hasGroupedNumber(original);
  std::string text;
  const auto goes = [&](char mark) {
    return grouped || original.find(std::string{mark, ' '}) != std::string::npos ||
           original.find(std::string{' ', mark}) != std::string::npos;
  };
  for (const char letter : original) {
    if (std::find(kMarks.begin(), kMarks.end(), letter) == kMarks.end()) {
      text += letter;
    } else if (!goes(letter)) {
      text += ' ';
    }
  }
  std::string withoutPoints;
  int points = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool inNumber = at + 1 < text.size() && isDigit(text[at + 1]);
    if (text[at] == '.' && !inNumber && points < kMaxPoints) {
      ++points;
    } else {
      withoutPoints += text[at];
    }
  }
  return withoutPoints;
}

std::vector<std::string> wordsOfText(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x80 || std::isalnum(byte) != 0) {
      words.back() += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool hasWord(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<std::string> yesOrNo(const std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  if (words.front() == "yes" || words.front() == "no") return words.front();
  for (std::size_t at = 0; at + 2 < words.size(); ++at) {
    if (words[at] == "there" && (words[at + 1] == "is" || words[at + 1] == "are") && words[at + 2] == "no") return "no";
  }
  return std::nullopt;
}

std::optional<std::string> ruralOrUrban(const std::vector<std::string>& words) {
  const bool rural = hasWord(words, "rural");
  if (rural == hasWord(words, "urban")) return std::nullopt;
  return rural ? "rural" : "urban";
}

// RSVQA's classes of numbers and areas, in lower case with no blank before m2.
std::string intervalForm(std::string_view text) {
  std::string form = normalisedAnswer(text);
  for (std::size_t at; (at = form.find(" m2")) != std::string::npos;) form.erase(at, 1);
  return form;
}

bool isInterval(const std::string& form) {
  static const std::regex interval(R"(between \d+(m2)? and \d+(m2)?|more than \d+(m2)?|0m2)");
  return std::regex_match(form, interval);
}

std::string intervalOf(int number, bool areas) {
  const std::string unit = areas ? "m2" : "";
  if (number <= 0) return "0" + unit;
  for (const int edge : {10, 100, 1000}) {
    if (number <= edge)
      return "between " + std::to_string(edge == 10 ? 0 : edge / 10) + unit + " and " + std::to_string(edge) + unit;
  }
  return "more than 1000" + unit;
}

VqaVerdict judgeInterval(std::string_view answer, const std::string& truth) {
  const std::string said = intervalForm(answer);
  if (said.find(truth) != std::string::npos) return {.right = true};
  static const std::regex any(R"(between \d+(m2)? and \d+(m2)?|more than \d+(m2)?)");
  if (std::regex_search(said, any)) return {.right = false};
  const std::optional<int> number = firstNumber(said);
  if (!number) return {.right = false, .parsed = false};
  return {.right = intervalOf(*number, truth.find("m2") != std::string::npos) == truth};
}

VqaVerdict judgeWord(const std::optional<std::string>& said, std::string_view truth) {
  return {.right = said && *said == truth, .parsed = said.has_value()};
}

bool onlyDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

}  // namespace

std::string vqaNormalised(std::string_view text) {
  std::istringstream words(text::lowerCase(withoutMarks(stripped(std::string(text)))));
  std::string normal;
  for (std::string word; words >> word;) {
    if (word == "none") word = "0";
    const auto number = std::find(kNumberWords.begin(), kNumberWords.begin() + 11, word);
    if (number != kNumberWords.begin() + 11) word = std::to_string(number - kNumberWords.begin());
    if (word == "a" || word == "an" || word == "the") continue;
    normal += (normal.empty() ? "" : " ") + std::string(withContraction(word));
  }
  return normal;
}

std::optional<int> firstNumber(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool grouping = text[at] == ',' && at > 0 && at + 1 < text.size() && isDigit(text[at - 1]) && isDigit(text[at + 1]);
    if (!grouping) plain += text[at];
  }
  for (const std::string& word : wordsOfText(plain)) {
    int number = 0;
    if (isDigit(word.front()) && std::from_chars(word.data(), word.data() + word.size(), number).ec == std::errc()) return number;
    if (word == "none" || word == "no") return 0;
    const auto named = std::find(kNumberWords.begin(), kNumberWords.end(), word);
    if (named != kNumberWords.end()) return static_cast<int>(named - kNumberWords.begin());
  }
  return std::nullopt;
}

VqaVerdict judgeVqa(std::string_view answer, std::string_view truth) {
  const std::string form = intervalForm(truth);
  if (isInterval(form)) return judgeInterval(answer, form);
  const std::string expected = vqaNormalised(truth);
  if (expected == "yes" || expected == "no") return judgeWord(yesOrNo(wordsOfText(answer)), expected);
  if (expected == "rural" || expected == "urban") return judgeWord(ruralOrUrban(wordsOfText(answer)), expected);
  if (onlyDigits(expected)) {
    const std::optional<int> said = firstNumber(answer);
    if (!said) return {.right = false, .parsed = false};
    const int difference = *said - std::atoi(expected.c_str());
    return {.right = difference == 0, .difference = difference};
  }
  return {.right = vqaNormalised(answer) == expected};
}

}  // namespace orthoscribe::learn
