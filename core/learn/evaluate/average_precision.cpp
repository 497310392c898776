// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/average_precision.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/geo/polygon.h"

namespace orthoscribe::learn {
namespace {

// Overlaps that differ by less are equal: those of upright boxes are fractions that clipping reaches only up to rounding.
constexpr double kRounding = 1e-9;

class Matcher {
 public:
  Matcher(const std::vector<TrueObject>& truths, const std::string& label, double threshold) : threshold_(threshold) {
    for (const TrueObject& truth : truths) {
      if (truth.label == label) byImage_[truth.image].push_back({&truth, false});
    }
  }

  Verdict judge(const FoundObject& found) {
    Candidate* best = nullptr;
    double bestOverlap = -1;
    for (Candidate& candidate : byImage_[found.image]) {
      const double overlap = geo::polygonIou(found.outline, candidate.truth->outline);
      if (overlap > bestOverlap + kRounding) {
        bestOverlap = overlap;
        best = &candidate;
      }
    }
    if (!best || bestOverlap < threshold_ - kRounding) return Verdict::Miss;
    if (best->truth->difficult) return Verdict::Ignored;
    if (best->taken) return Verdict::Miss;
    best->taken = true;
    return Verdict::Hit;
  }

 private:
  struct Candidate {
    const TrueObject* truth;
    bool taken;
  };
  double threshold_;
  std::map<std::int64_t, std::vector<Candidate>> byImage_;
};

// Indices into found, in the order of judging.
std::vector<std::size_t> orderOf(const std::vector<FoundObject>& found, bool noConfidence) {
  std::vector<std::size_t> order(found.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Equal scores keep the order they were given in; without scores the pictures follow one another.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return noConfidence ? found[a].image < found[b].image : found[a].score > found[b].score;
  });
  return order;
}

ClassPrecision precisionOf(const std::string& label, const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found,
                           const std::vector<std::size_t>& order, double threshold) {
  ClassPrecision result;
  for (const TrueObject& truth : truths) result.truths += truth.label == label && !truth.difficult ? 1 : 0;
  Matcher matcher(truths, label, threshold);
  for (const std::size_t index : order) {
    if (found[index].label != label) continue;
    const Verdict verdict = matcher.judge(found[index]);
    result.judged.push_back({index, verdict});
    if (verdict == Verdict::Ignored) continue;
    ++result.found;
    if (verdict == Verdict::Hit) ++result.hits;
    if (result.truths == 0) continue;
    result.curve.recall.push_back(static_cast<double>(result.hits) / result.truths);
    result.curve.precision.push_back(static_cast<double>(result.hits) / result.found);
  }
  if (result.truths > 0) {
    result.elevenPoint = elevenPointAverage(result.curve);
    result.area = areaUnderEnvelope(result.curve);
  }
  return result;
}

}  // namespace

PrecisionReport averagePrecision(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found, bool noConfidence,
                                 double threshold) {
  const std::vector<std::size_t> order = orderOf(found, noConfidence);
  std::set<std::string> labels;
  for (const FoundObject& object : found) labels.insert(object.label);
  for (const TrueObject& truth : truths) labels.insert(truth.label);

  PrecisionReport report;
  double elevenPoint = 0;
  double area = 0;
  int counted = 0;
  for (const std::string& label : labels) {
    const ClassPrecision& one = report.classes[label] = precisionOf(label, truths, found, order, threshold);
    if (!one.elevenPoint) continue;
    elevenPoint += *one.elevenPoint;
    area += *one.area;
    ++counted;
  }
  if (counted > 0) {
    report.meanElevenPoint = elevenPoint / counted;
    report.meanArea = area / counted;
  }
  return report;
}

}  // namespace orthoscribe::learn
