// SPDX-License-Identifier: GPL-2.0-or-later
// The learning loop of byte pair encoding: joins the most frequent pair of neighbours again and again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orthoscribe::text {

class MergeLearner {
 public:
  // words: pieces of text and how often each occurs; symbols are their bytes.
  explicit MergeLearner(const std::map<std::string, std::int64_t>& words);

  struct Pair {
    std::string left;
    std::string right;
  };
  // The most frequent pair (of equally frequent ones the first in byte order), joined everywhere. False when none occurs
  // minimumCount times.
  bool joinMostFrequent(std::int64_t minimumCount, Pair& joined);

 private:
  using SymbolPair = std::pair<int, int>;
  struct Word {
    std::vector<int> symbols;
    std::int64_t count;
  };
  struct Statistics {
    std::int64_t count = 0;
    std::set<std::size_t> words;  // that may hold the pair
  };
  void countPairs(std::size_t wordIndex, std::int64_t sign);
  void joinInWord(std::size_t wordIndex, const SymbolPair& pair, int joined);
  SymbolPair mostFrequent() const;

  std::vector<std::string> texts_;  // of the symbols
  std::vector<Word> words_;
  std::map<SymbolPair, Statistics> pairs_;
};

}  // namespace orthoscribe::text
