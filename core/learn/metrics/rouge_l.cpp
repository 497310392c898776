// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/rouge_l.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace orthoscribe::learn {
namespace {

constexpr double kBeta = 1.2;

double commonSubsequence(const Words& a, const Words& b) {
  std::vector<int> lengths(b.size() + 1, 0);
  for (const std::string& word : a) {
    int diagonal = 0;
    for (std::size_t index = 0; index < b.size(); ++index) {
      const int above = lengths[index + 1];
      lengths[index + 1] = word == b[index] ? diagonal + 1 : std::max(above, lengths[index]);
      diagonal = above;
    }
  }
  return lengths.back();
}

double scoreOf(const CaptionedPicture& picture) {
  const Words words = wordsOf(picture.candidate);
  double precision = 0;
  double recall = 0;
  for (const std::string& text : picture.references) {
    const Words reference = wordsOf(text);
    const double common = commonSubsequence(words, reference);
    if (common == 0) continue;
    precision = std::max(precision, common / static_cast<double>(words.size()));
    recall = std::max(recall, common / static_cast<double>(reference.size()));
  }
  if (precision == 0) return 0;
  return (1 + kBeta * kBeta) * precision * recall / (recall + kBeta * kBeta * precision);
}

}  // namespace

CaptionScore rougeL(const std::vector<CaptionedPicture>& pictures) {
  CaptionScore score;
  for (const CaptionedPicture& picture : pictures) score.each.push_back(scoreOf(picture));
  if (!pictures.empty())
    score.corpus = std::accumulate(score.each.begin(), score.each.end(), 0.0) / static_cast<double>(pictures.size());
  return score;
}

}  // namespace orthoscribe::learn
