// SPDX-License-Identifier: GPL-2.0-or-later
// What is written beside an expert: training.json for machines, README.md for people.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/learn/layer_training/area_split.h"
#include "core/learn/layer_training/layer_training.h"

namespace orthoscribe::learn {

struct ExpertRecord {
  const LayerTrainingOptions& options;
  const LayerTrainingResult& result;
  const std::vector<LayerLabel>& labels;
  const AreaSplit& split;
};

// {"averagePrecision", "precision", "recall", "truths", "found", "hits"} by class.
nlohmann::ordered_json figuresJson(const std::map<std::string, ClassFigures>& figures);

// Throws Error{Io}.
void writeExpertCard(const ExpertRecord& record);

}  // namespace orthoscribe::learn
