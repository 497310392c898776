// SPDX-License-Identifier: GPL-2.0-or-later
// Average precision by COCO's rules (pycocotools, COCOeval with all areas), for upright and oriented boxes alike.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/learn/metrics/average_precision.h"

namespace orthoscribe::learn {

inline constexpr int kCocoThresholds = 10;  // overlaps 0.5, 0.55 .. 0.95

struct CocoReport {
  // One value a threshold; classes without true objects are left out.
  std::map<std::string, std::array<double, kCocoThresholds>> classes;
  std::optional<double> mean;    // over classes and thresholds
  std::optional<double> mean50;  // at 0.5
  std::optional<double> mean75;
};

// Unlike averagePrecision, a detection takes the best object that is still free (the last on ties), and only the 100 highest
// scores of a picture and class count. Difficult objects are COCO's crowds: they can be found any number of times, and neither
// they nor what finds them counts; the overlap is the plain one all the same.
CocoReport cocoPrecision(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found);

}  // namespace orthoscribe::learn
