// SPDX-License-Identifier: GPL-2.0-or-later
// Precision over recall as detections are taken one after another, and the usual ways to average it.
#pragma once

#include <vector>

namespace orthoscribe::learn {

// One entry for every detection that counted, in their order; both between 0 and 1.
struct PrecisionCurve {
  std::vector<double> recall;
  std::vector<double> precision;
};

// PASCAL VOC 2007: the mean over the recalls 0, 0.1 .. 1 of the best precision at that recall or beyond.
double elevenPointAverage(const PrecisionCurve& curve);

// PASCAL VOC 2012: the area under the curve made monotone from its end.
double areaUnderEnvelope(const PrecisionCurve& curve);

// COCO (pycocotools, accumulate): as the first, over the recalls 0, 0.01 .. 1.
double hundredAndOnePointAverage(const PrecisionCurve& curve);

}  // namespace orthoscribe::learn
