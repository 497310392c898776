// SPDX-License-Identifier: GPL-2.0-or-later
// Captions as the caption metrics see them: words, and runs of words with how often they occur.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

// One picture's caption and what people wrote of it: already tokenised, words separated by white space.
struct CaptionedPicture {
  std::string candidate;
  std::vector<std::string> references;
};

// A score over all pictures, and picture by picture.
struct CaptionScore {
  double corpus = 0;
  std::vector<double> each;
};

using Words = std::vector<std::string>;
Words wordsOf(std::string_view text);

// Runs of `length` words, joined by spaces, and their numbers.
using RunCounts = std::map<std::string, int>;
RunCounts countRuns(const Words& words, int length);

}  // namespace orthoscribe::learn
