// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/coco_precision.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

#include "core/learn/metrics/box_overlap.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kMostInOnePicture = 100;

// One class in one picture.
struct Picture {
  std::vector<const TrueObject*> truths;      // difficult ones last
  std::vector<const FoundObject*> found;      // by falling score
  std::vector<std::vector<double>> overlaps;  // [found][truth]
};

struct Scored {
  double score = 0;
  Verdict verdict = Verdict::Miss;
};

bool higher(const FoundObject* a, const FoundObject* b) {
  return a->score > b->score;
}

std::map<std::int64_t, Picture> picturesOf(const std::string& label, const std::vector<TrueObject>& truths,
                                           const std::vector<FoundObject>& found) {
  std::map<std::int64_t, Picture> pictures;
  for (const TrueObject& truth : truths)
    if (truth.label == label) pictures[truth.image].truths.push_back(&truth);
  for (const FoundObject& object : found)
    if (object.label == label) pictures[object.image].found.push_back(&object);
  for (auto& [image, picture] : pictures) {
    std::stable_partition(picture.truths.begin(), picture.truths.end(),
                          [](const TrueObject* truth) { return !truth->difficult; });
    std::stable_sort(picture.found.begin(), picture.found.end(), higher);
    picture.found.resize(std::min(picture.found.size(), kMostInOnePicture));
    for (const FoundObject* object : picture.found) {
      std::vector<double>& row = picture.overlaps.emplace_back();
      for (const TrueObject* truth : picture.truths) row.push_back(outlineOverlap(object->outline, truth->outline));
    }
  }
  return pictures;
}

// The truth that a detection takes at this threshold; the number of truths when there is none.
std::size_t choose(const Picture& picture, const std::vector<bool>& taken, const std::vector<double>& overlaps,
                   double threshold) {
  std::size_t best = picture.truths.size();
  double bestOverlap = threshold;
  for (std::size_t index = 0; index < picture.truths.size(); ++index) {
    const bool difficult = picture.truths[index]->difficult;
    if (taken[index] && !difficult) continue;
    if (difficult && best < picture.truths.size() && !picture.truths[best]->difficult) break;
    if (overlaps[index] < bestOverlap) continue;
    bestOverlap = overlaps[index];
    best = index;
  }
  return best;
}

void judge(const Picture& picture, double threshold, std::vector<Scored>& judged) {
  std::vector<bool> taken(picture.truths.size(), false);
  for (std::size_t index = 0; index < picture.found.size(); ++index) {
    const std::size_t chosen = choose(picture, taken, picture.overlaps[index], threshold);
    Verdict verdict = Verdict::Miss;
    if (chosen < picture.truths.size()) {
      taken[chosen] = true;
      verdict = picture.truths[chosen]->difficult ? Verdict::Ignored : Verdict::Hit;
    }
    judged.push_back({picture.found[index]->score, verdict});
  }
}

double precisionAt(const std::map<std::int64_t, Picture>& pictures, int truths, double threshold) {
  std::vector<Scored> judged;
  for (const auto& [image, picture] : pictures) judge(picture, threshold, judged);
  std::stable_sort(judged.begin(), judged.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  PrecisionCurve curve;
  int hits = 0;
  int counted = 0;
  for (const Scored& one : judged) {
    if (one.verdict == Verdict::Ignored) continue;
    ++counted;
    hits += one.verdict == Verdict::Hit ? 1 : 0;
    curve.recall.push_back(static_cast<double>(hits) / truths);
    curve.precision.push_back(static_cast<double>(hits) / counted);
  }
  return hundredAndOnePointAverage(curve);
}

}  // namespace

CocoReport cocoPrecision(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found) {
  std::map<std::string, int> countOf;
  for (const TrueObject& truth : truths) countOf[truth.label] += truth.difficult ? 0 : 1;
  CocoReport report;
  double sum = 0;
  double sum50 = 0;
  double sum75 = 0;
  for (const auto& [label, count] : countOf) {
    if (count == 0) continue;
    const std::map<std::int64_t, Picture> pictures = picturesOf(label, truths, found);
    std::array<double, kCocoThresholds>& values = report.classes[label];
    for (int index = 0; index < kCocoThresholds; ++index) {
      values[static_cast<std::size_t>(index)] = precisionAt(pictures, count, 0.5 + 0.05 * index);
      sum += values[static_cast<std::size_t>(index)];
    }
    sum50 += values[0];
    sum75 += values[5];
  }
  if (report.classes.empty()) return report;
  const auto classes = static_cast<double>(report.classes.size());
  report.mean = sum / (classes * kCocoThresholds);
  report.mean50 = sum50 / classes;
  report.mean75 = sum75 / classes;
  return report;
}

}  // namespace orthoscribe::learn
