// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/threshold_sweep.h"

namespace orthoscribe::learn {
namespace {

constexpr int kSteps = 20;

SweepPoint pointAt(double threshold, const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found,
                   double overlap) {
  std::vector<FoundObject> kept;
  for (const FoundObject& object : found) {
    if (object.score > threshold) kept.push_back(object);
  }
  const PrecisionReport report = averagePrecision(truths, kept, true, overlap);
  SweepPoint point;
  point.threshold = threshold;
  point.meanPrecision = report.meanElevenPoint;
  for (const auto& [label, precision] : report.classes) {
    point.found.right += precision.hits;
    point.found.asked += precision.found;
    point.truths.asked += precision.truths;
  }
  point.truths.right = point.found.right;
  point.f1 = f1Of(point.found.share(), point.truths.share());
  return point;
}

}  // namespace

double f1Of(double precision, double recall) {
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

ThresholdSweep sweepThresholds(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found, double overlap) {
  ThresholdSweep sweep;
  for (int step = 0; step < kSteps; ++step) {
    sweep.points.push_back(pointAt(step / static_cast<double>(kSteps), truths, found, overlap));
    const auto& best = sweep.points[sweep.best].meanPrecision;
    const auto& now = sweep.points.back().meanPrecision;
    if (now && (!best || *now > *best)) sweep.best = sweep.points.size() - 1;
  }
  return sweep;
}

}  // namespace orthoscribe::learn
