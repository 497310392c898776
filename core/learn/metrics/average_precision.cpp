// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/average_precision.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/learn/metrics/box_overlap.h"

namespace orthoscribe::learn {
namespace {

// Overlaps that differ by less are equal: those of upright boxes are fractions that clipping reaches only up to rounding.
constexpr double kRounding = 1e-9;

class Matcher {
 public:
  Matcher(const std::vector<TrueObject>& truths, const std::string& label, double threshold) : threshold_(threshold) {
    for (std::size_t index = 0; index < truths.size(); ++index) {
      if (truths[index].label == label) byImage_[truths[index].image].push_back({&truths[index], index, false});
    }
  }

  Judgement judge(const FoundObject& found, std::size_t index) {
    Candidate* best = nullptr;
    double bestOverlap = -1;
    for (Candidate& candidate : byImage_[found.image]) {
      const double overlap = outlineOverlap(found.outline, candidate.truth->outline);
      if (overlap > bestOverlap + kRounding) {
        bestOverlap = overlap;
        best = &candidate;
      }
    }
    Judgement judgement{.found = index, .overlap = std::max(0.0, bestOverlap)};
    if (!best || bestOverlap < threshold_ - kRounding) return judgement;
    if (best->truth->difficult) {
      judgement.verdict = Verdict::Ignored;
    } else if (!best->taken) {
      best->taken = true;
      judgement.verdict = Verdict::Hit;
      judgement.truth = best->index;
    }
    return judgement;
  }

 private:
  struct Candidate {
    const TrueObject* truth;
    std::size_t index;
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
    result.judged.push_back(matcher.judge(found[index], index));
    const Verdict verdict = result.judged.back().verdict;
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
