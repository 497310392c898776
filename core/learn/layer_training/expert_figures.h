// SPDX-License-Identifier: GPL-2.0-or-later
// How well the tower finds a layer's objects.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/learn/data/sample.h"
#include "core/model/blocks/starter_vision.h"

namespace orthoscribe::learn {

// Objects below are not said by the model, as a rule.
inline constexpr double kSaidScore = 0.3;

struct ClassFigures {
  double averagePrecision = 0;  // area under the curve over all scores, IoU at least 0.5
  int truths = 0;               // without those cut by a picture's border
  int found = 0;                // with a score of at least kSaidScore
  int hits = 0;                 // of these
  double precision() const { return found > 0 ? static_cast<double>(hits) / found : 0; }
  double recall() const { return truths > 0 ? static_cast<double>(hits) / truths : 0; }
};

// By class, of those whose objects are known in the samples. dtype: of the forward.
std::map<std::string, ClassFigures> measureExpert(const model::StarterVision& eyes, const std::vector<Sample>& samples,
                                                  torch::Device device, at::ScalarType dtype, const CancelToken& cancel);

}  // namespace orthoscribe::learn
