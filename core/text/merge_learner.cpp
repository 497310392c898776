// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/merge_learner.h"

#include <tuple>

namespace orthoscribe::text {

MergeLearner::MergeLearner(const std::map<std::string, std::int64_t>& words) {
  for (int byte = 0; byte < 256; ++byte) texts_.emplace_back(1, static_cast<char>(byte));
  words_.reserve(words.size());
  for (const auto& [text, count] : words) {
    Word word{{}, count};
    for (const char byte : text) word.symbols.push_back(static_cast<unsigned char>(byte));
    words_.push_back(std::move(word));
    countPairs(words_.size() - 1, 1);
  }
}

void MergeLearner::countPairs(std::size_t wordIndex, std::int64_t sign) {
  const Word& word = words_[wordIndex];
  for (std::size_t i = 0; i + 1 < word.symbols.size(); ++i) {
    Statistics& statistics = pairs_[{word.symbols[i], word.symbols[i + 1]}];
    statistics.count += sign * word.count;
    if (sign > 0) statistics.words.insert(wordIndex);
  }
}

MergeLearner::SymbolPair MergeLearner::mostFrequent() const {
  const auto textOf = [this](int symbol) -> const std::string& { return texts_[static_cast<std::size_t>(symbol)]; };
  auto best = pairs_.begin();
  for (auto it = pairs_.begin(); it != pairs_.end(); ++it) {
    if (it->second.count < best->second.count) continue;
    const auto order = [&](const SymbolPair& pair) { return std::tie(textOf(pair.first), textOf(pair.second)); };
    if (it->second.count > best->second.count || order(it->first) < order(best->first)) best = it;
  }
  return best->first;
}

bool MergeLearner::joinMostFrequent(std::int64_t minimumCount, Pair& joined) {
  if (pairs_.empty()) return false;
  const SymbolPair pair = mostFrequent();
  const auto best = pairs_.find(pair);
  if (best->second.count < minimumCount || best->second.count <= 0) return false;
  joined = {texts_[static_cast<std::size_t>(pair.first)], texts_[static_cast<std::size_t>(pair.second)]};
  const int symbol = static_cast<int>(texts_.size());
  texts_.push_back(joined.left + joined.right);
  const std::set<std::size_t> holders = best->second.words;
  for (const std::size_t word : holders) joinInWord(word, pair, symbol);
  pairs_.erase(pair);
  return true;
}

void MergeLearner::joinInWord(std::size_t wordIndex, const SymbolPair& pair, int joined) {
  countPairs(wordIndex, -1);
  std::vector<int>& symbols = words_[wordIndex].symbols;
  std::vector<int> shorter;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const bool matches = i + 1 < symbols.size() && SymbolPair(symbols[i], symbols[i + 1]) == pair;
    shorter.push_back(matches ? joined : symbols[i]);
    if (matches) ++i;
  }
  symbols = std::move(shorter);
  countPairs(wordIndex, 1);
}

}  // namespace orthoscribe::text
