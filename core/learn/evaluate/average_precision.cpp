// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/average_precision.h"

#include <algorithm>
#include <set>

#include "core/geo/polygon.h"

namespace orthoscribe::learn {
namespace {

enum class Verdict { Hit, Miss, Nothing };

// Overlaps that differ by less are equal: those of upright boxes are fractions that clipping reaches only up to rounding.
constexpr double kRounding = 1e-9;

struct Curve {
  std::vector<double> recall;
  std::vector<double> precision;
};

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
    if (best->truth->difficult) return Verdict::Nothing;
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

double elevenPointAverage(const Curve& curve) {
  double sum = 0;
  for (int point = 0; point <= 10; ++point) {
    double best = 0;
    for (std::size_t index = 0; index < curve.recall.size(); ++index) {
      if (curve.recall[index] >= point * 0.1) best = std::max(best, curve.precision[index]);
    }
    sum += best;
  }
  return sum / 11;
}

double areaUnderEnvelope(const Curve& curve) {
  double area = 0;
  double envelope = 0;
  for (std::size_t index = curve.recall.size(); index-- > 0;) {
    envelope = std::max(envelope, curve.precision[index]);
    area += envelope * (curve.recall[index] - (index > 0 ? curve.recall[index - 1] : 0));
  }
  return area;
}

ClassPrecision precisionOf(const std::string& label, const std::vector<TrueObject>& truths,
                           const std::vector<const FoundObject*>& ordered, double threshold) {
  ClassPrecision result;
  for (const TrueObject& truth : truths) result.truths += truth.label == label && !truth.difficult ? 1 : 0;
  Matcher matcher(truths, label, threshold);
  Curve curve;
  for (const FoundObject* found : ordered) {
    if (found->label != label) continue;
    const Verdict verdict = matcher.judge(*found);
    if (verdict == Verdict::Nothing) continue;
    ++result.found;
    if (verdict == Verdict::Hit) ++result.hits;
    if (result.truths == 0) continue;
    curve.recall.push_back(static_cast<double>(result.hits) / result.truths);
    curve.precision.push_back(static_cast<double>(result.hits) / result.found);
  }
  if (result.truths > 0) {
    result.elevenPoint = elevenPointAverage(curve);
    result.area = areaUnderEnvelope(curve);
  }
  return result;
}

}  // namespace

PrecisionReport averagePrecision(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found, bool noConfidence,
                                 double threshold) {
  std::vector<const FoundObject*> ordered;
  std::set<std::string> labels;
  for (const FoundObject& object : found) {
    ordered.push_back(&object);
    labels.insert(object.label);
  }
  for (const TrueObject& truth : truths) labels.insert(truth.label);
  // Equal scores keep the order they were given in; without scores the pictures follow one another.
  std::stable_sort(ordered.begin(), ordered.end(), [noConfidence](const FoundObject* a, const FoundObject* b) {
    return noConfidence ? a->image < b->image : a->score > b->score;
  });

  PrecisionReport report;
  double elevenPoint = 0;
  double area = 0;
  int counted = 0;
  for (const std::string& label : labels) {
    const ClassPrecision& one = report.classes[label] = precisionOf(label, truths, ordered, threshold);
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
