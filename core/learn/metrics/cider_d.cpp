// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/cider_d.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <set>
#include <string>

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kLongestRun = 4;
constexpr double kSigma = 6;

using CountsByLength = std::array<RunCounts, kLongestRun>;
using Weights = std::map<std::string, double>;

struct Vector {
  std::array<Weights, kLongestRun> weights;
  std::array<double, kLongestRun> norms{};
  double bigrams = 0;  // what coco-caption takes for the length
};

CountsByLength countsOf(const std::string& text) {
  const Words words = wordsOf(text);
  CountsByLength counts;
  for (std::size_t index = 0; index < kLongestRun; ++index) counts[index] = countRuns(words, static_cast<int>(index) + 1);
  return counts;
}

class Weighing {
 public:
  explicit Weighing(const std::vector<CaptionedPicture>& pictures)
      : logPictures_(std::log(static_cast<double>(pictures.size()))) {
    for (const CaptionedPicture& picture : pictures) {
      std::set<std::string> runs;
      for (const std::string& reference : picture.references)
        for (const RunCounts& counts : countsOf(reference))
          for (const auto& [run, count] : counts) runs.insert(run);
      for (const std::string& run : runs) ++picturesWith_[run];
    }
  }

  Vector weigh(const std::string& text) const {
    const CountsByLength counts = countsOf(text);
    Vector vector;
    for (std::size_t index = 0; index < kLongestRun; ++index) {
      double squares = 0;
      for (const auto& [run, count] : counts[index]) {
        const double weight = count * rarity(run);
        vector.weights[index][run] = weight;
        squares += weight * weight;
        if (index == 1) vector.bigrams += count;
      }
      vector.norms[index] = std::sqrt(squares);
    }
    return vector;
  }

 private:
  double rarity(const std::string& run) const {
    const auto found = picturesWith_.find(run);
    return logPictures_ - std::log(found == picturesWith_.end() ? 1.0 : static_cast<double>(found->second));
  }

  double logPictures_;
  std::map<std::string, int> picturesWith_;
};

double similarity(const Vector& candidate, const Vector& reference) {
  const double difference = candidate.bigrams - reference.bigrams;
  const double evenness = std::exp(-difference * difference / (2 * kSigma * kSigma));
  double sum = 0;
  for (std::size_t index = 0; index < kLongestRun; ++index) {
    double product = 0;
    for (const auto& [run, weight] : candidate.weights[index]) {
      const auto other = reference.weights[index].find(run);
      if (other != reference.weights[index].end()) product += std::min(weight, other->second) * other->second;
    }
    const double norms = candidate.norms[index] * reference.norms[index];
    sum += (norms > 0 ? product / norms : product) * evenness;
  }
  return sum / static_cast<double>(kLongestRun);
}

}  // namespace

CaptionScore ciderD(const std::vector<CaptionedPicture>& pictures) {
  const Weighing weighing(pictures);
  CaptionScore score;
  for (const CaptionedPicture& picture : pictures) {
    const Vector candidate = weighing.weigh(picture.candidate);
    double sum = 0;
    for (const std::string& reference : picture.references) sum += similarity(candidate, weighing.weigh(reference));
    score.each.push_back(picture.references.empty() ? 0 : 10 * sum / static_cast<double>(picture.references.size()));
  }
  if (!pictures.empty())
    score.corpus = std::accumulate(score.each.begin(), score.each.end(), 0.0) / static_cast<double>(pictures.size());
  return score;
}

}  // namespace orthoscribe::learn
