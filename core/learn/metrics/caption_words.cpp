// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/caption_words.h"

#include <cstddef>
#include <sstream>

namespace orthoscribe::learn {

Words wordsOf(std::string_view text) {
  std::istringstream stream{std::string(text)};
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

RunCounts countRuns(const Words& words, int length) {
  RunCounts counts;
  const auto size = static_cast<std::size_t>(length);
  for (std::size_t begin = 0; begin + size <= words.size(); ++begin) {
    std::string run = words[begin];
    for (std::size_t next = begin + 1; next < begin + size; ++next) run += ' ' + words[next];
    ++counts[run];
  }
  return counts;
}

}  // namespace orthoscribe::learn
