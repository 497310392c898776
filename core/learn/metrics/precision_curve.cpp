// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/precision_curve.h"

#include <algorithm>
#include <cstddef>

namespace orthoscribe::learn {
namespace {

// Mean over the recalls i * step, i = 0 .. steps. The products are those of the references, to the last bit: a recall of exactly
// 3/10 does not reach the point 3 * 0.1 (rscovlm.md section 5.3).
double pointAverage(const PrecisionCurve& curve, int steps, double step) {
  double sum = 0;
  double best = 0;
  std::size_t reached = curve.recall.size();
  for (int point = steps; point >= 0; --point) {
    while (reached > 0 && curve.recall[reached - 1] >= point * step) best = std::max(best, curve.precision[--reached]);
    sum += best;
  }
  return sum / (steps + 1);
}

}  // namespace

double elevenPointAverage(const PrecisionCurve& curve) {
  return pointAverage(curve, 10, 0.1);
}

double hundredAndOnePointAverage(const PrecisionCurve& curve) {
  return pointAverage(curve, 100, 0.01);
}

double areaUnderEnvelope(const PrecisionCurve& curve) {
  double area = 0;
  double envelope = 0;
  for (std::size_t index = curve.recall.size(); index-- > 0;) {
    envelope = std::max(envelope, curve.precision[index]);
    area += envelope * (curve.recall[index] - (index > 0 ? curve.recall[index - 1] : 0));
  }
  return area;
}

}  // namespace orthoscribe::learn
