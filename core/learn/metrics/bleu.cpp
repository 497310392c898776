// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/bleu.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace orthoscribe::learn {
namespace {

// What keeps coco-caption from dividing by zero; it is part of the published values.
constexpr double kTiny = 1e-15;
constexpr double kSmall = 1e-9;

struct Counts {
  std::array<double, 4> right{};
  std::array<double, 4> guessed{};
  double length = 0;
  double referenceLength = 0;
};

Counts countsOf(const CaptionedPicture& picture) {
  const Words words = wordsOf(picture.candidate);
  const auto length = static_cast<int>(words.size());
  Counts counts{.length = static_cast<double>(length)};
  std::vector<Words> references;
  int closest = -1;
  for (const std::string& reference : picture.references) {
    references.push_back(wordsOf(reference));
    const auto other = static_cast<int>(references.back().size());
    const int distance = std::abs(other - length);
    const int least = std::abs(closest - length);
    if (closest < 0 || distance < least || (distance == least && other < closest)) closest = other;
  }
  counts.referenceLength = std::max(closest, 0);
  for (int run = 1; run <= 4; ++run) {
    const auto index = static_cast<std::size_t>(run - 1);
    RunCounts most;
    for (const Words& reference : references)
      for (const auto& [text, count] : countRuns(reference, run)) most[text] = std::max(most[text], count);
    for (const auto& [text, count] : countRuns(words, run)) {
      const auto found = most.find(text);
      if (found != most.end()) counts.right[index] += std::min(count, found->second);
    }
    counts.guessed[index] = std::max(0, length - run + 1);
  }
  return counts;
}

BleuValues valuesOf(const Counts& counts) {
  BleuValues values{};
  const double ratio = (counts.length + kTiny) / (counts.referenceLength + kSmall);
  const double brevity = ratio < 1 ? std::exp(1 - 1 / ratio) : 1;
  double product = 1;
  for (std::size_t index = 0; index < values.size(); ++index) {
    product *= (counts.right[index] + kTiny) / (counts.guessed[index] + kSmall);
    values[index] = std::pow(product, 1.0 / static_cast<double>(index + 1)) * brevity;
  }
  return values;
}

}  // namespace

BleuScore bleu(const std::vector<CaptionedPicture>& pictures) {
  BleuScore score;
  Counts sum;
  for (const CaptionedPicture& picture : pictures) {
    const Counts counts = countsOf(picture);
    score.each.push_back(valuesOf(counts));
    for (std::size_t index = 0; index < counts.right.size(); ++index) {
      sum.right[index] += counts.right[index];
      sum.guessed[index] += counts.guessed[index];
    }
    sum.length += counts.length;
    sum.referenceLength += counts.referenceLength;
  }
  score.corpus = valuesOf(sum);
  return score;
}

}  // namespace orthoscribe::learn
