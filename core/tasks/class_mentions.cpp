// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/class_mentions.h"

#include <algorithm>
#include <compare>

#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

// Most words that a name is looked for in.
constexpr std::size_t kMostWords = 12;

struct Word {
  std::string letters;  // lower case
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Bytes beyond ASCII belong to words, whatever they spell.
bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<Word> wordsOf(std::string_view text) {
  std::vector<Word> words;
  std::size_t at = 0;
  while (at < text.size()) {
    if (!isLetter(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && isLetter(text[at])) ++at;
    words.push_back({lowered(text.substr(begin, at - begin)), begin, at});
  }
  return words;
}

std::string lettersOf(std::string_view text) {
  std::string letters;
  for (const Word& word : wordsOf(text)) letters += word.letters;
  return letters;
}

bool sameName(const std::string& said, const std::string& name) {
  return said == name || said == name + "s" || said + "s" == name || said == name + "es";
}

// How well words spell a name; compared in this order.
struct Spelling {
  std::size_t words = 0;  // 0: they do not
  bool exact = false;     // without an ending for the plural
  std::size_t letters = 0;
  auto operator<=>(const Spelling&) const = default;
};

// Of the name by the words from `first` on.
Spelling spellingOf(const std::vector<Word>& words, std::size_t first, const std::string& name) {
  std::string said;
  for (std::size_t i = first; i < std::min(words.size(), first + kMostWords) && said.size() <= name.size() + 2; ++i) {
    said += words[i].letters;
    if (sameName(said, name)) return {i - first + 1, said == name, name.size()};
  }
  return {};
}

}  // namespace

std::vector<ClassMention> classMentions(std::string_view answer, const std::vector<std::string>& classes) {
  const std::vector<Word> words = wordsOf(answer);
  std::vector<std::string> names;
  for (const std::string& name : classes) names.push_back(lettersOf(name));

  std::vector<ClassMention> mentions;
  std::vector<bool> named(classes.size(), false);
  for (std::size_t first = 0; first < words.size();) {
    Spelling closest;
    std::size_t best = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Spelling spelling = names[i].empty() ? Spelling() : spellingOf(words, first, names[i]);
      if (spelling > closest) {
        closest = spelling;
        best = i;
      }
    }
    if (closest.words > 0 && !named[best]) {
      named[best] = true;
      mentions.push_back({best, words[first].begin, words[first + closest.words - 1].end});
    }
    first += std::max<std::size_t>(closest.words, 1);
  }
  return mentions;
}

}  // namespace orthoscribe::tasks
