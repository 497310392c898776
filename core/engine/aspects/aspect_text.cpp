// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/aspect_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace orthoscribe::engine {
namespace {

bool isSpace(char character) {
  return std::isspace(static_cast<unsigned char>(character)) != 0;
}

bool isDigit(char character) {
  return character >= '0' && character <= '9';
}

bool isLetter(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || static_cast<unsigned char>(character) >= 0x80;
}

// A point or comma between digits.
bool insideNumber(std::string_view text, std::size_t at) {
  return (text[at] == '.' || text[at] == ',') && at > 0 && at + 1 < text.size() && isDigit(text[at - 1]) && isDigit(text[at + 1]);
}

constexpr std::array kNumbers = {
    std::pair("zero", "0"),      std::pair("one", "1"),         std::pair("two", "2"),       std::pair("three", "3"),
    std::pair("four", "4"),      std::pair("five", "5"),        std::pair("six", "6"),       std::pair("seven", "7"),
    std::pair("eight", "8"),     std::pair("nine", "9"),        std::pair("ten", "10"),      std::pair("eleven", "11"),
    std::pair("twelve", "12"),   std::pair("thirteen", "13"),   std::pair("fourteen", "14"), std::pair("fifteen", "15"),
    std::pair("sixteen", "16"),  std::pair("seventeen", "17"),  std::pair("eighteen", "18"), std::pair("nineteen", "19"),
    std::pair("twenty", "20"),   std::pair("thirty", "30"),     std::pair("forty", "40"),    std::pair("fifty", "50"),
    std::pair("sixty", "60"),    std::pair("seventy", "70"),    std::pair("eighty", "80"),   std::pair("ninety", "90"),
    std::pair("hundred", "100"), std::pair("thousand", "1000"), std::pair("dozen", "12")};

}  // namespace

std::string trimmedText(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char character = text[i];
    const bool apostrophe = character == '\'' && !word.empty() && i + 1 < text.size() && isLetter(text[i + 1]);
    if (isLetter(character) || apostrophe || insideNumber(text, i)) {
      if (character != ',') word += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
      continue;
    }
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

std::vector<std::string> sentencesOf(std::string_view text) {
  std::vector<std::string> sentences;
  std::size_t begin = 0;
  const auto cut = [&](std::size_t end) {
    if (std::string sentence = trimmedText(text.substr(begin, end - begin)); !sentence.empty())
      sentences.push_back(std::move(sentence));
    begin = end;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool stop = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (text[i] == '\n' || (stop && (i + 1 == text.size() || isSpace(text[i + 1])))) cut(i + 1);
  }
  cut(text.size());
  return sentences;
}

std::string numberOf(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, [](char c) { return isDigit(c) || c == '.'; })) return word;
  for (const auto& [name, digits] : kNumbers)
    if (word == name || word == std::string(name) + "s") return digits;
  return {};
}

}  // namespace orthoscribe::engine
