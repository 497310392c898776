// SPDX-License-Identifier: GPL-2.0-or-later
// From which score on detections are worth keeping, when a metric without scores is to be met (rscovlm.md section 5.6).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/learn/metrics/average_precision.h"

namespace orthoscribe::learn {

struct SweepPoint {
  double threshold = 0;
  std::optional<double> meanPrecision;  // mAP_nc of what is kept, eleven points; nothing without true objects
  Score found;                          // hits among what is kept: precision
  Score truths;                         // hits among the true objects: recall
  double f1 = 0;
};

struct ThresholdSweep {
  std::vector<SweepPoint> points;  // thresholds 0, 0.05 .. 0.95
  std::size_t best = 0;            // the highest mAP_nc, the lowest threshold of equal ones
};

// At every threshold the detections with a score above it are kept (not at it), their scores are set to 1, and mAP_nc is taken.
ThresholdSweep sweepThresholds(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found,
                               double overlap = 0.5);

// Harmonic mean of precision and recall; 0 where both are.
double f1Of(double precision, double recall);

}  // namespace orthoscribe::learn
