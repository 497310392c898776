// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of a model that a stage's configuration speaks of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/learn/train/parameter_store.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

// part: "experts" (those a router chooses among), "experts.3" (one of them), "routers", "shared" (the shared expert), "adapter"
// (all of these, and a plain LoRA), "base" (what is no adapter), "all", else the beginning of a weight's name.
bool belongsTo(std::string_view weight, const std::string& part);

// Trains what the stage names, and nothing else. Throws Error{InvalidInput} for a part that holds no weight.
void chooseTrained(ParameterStore& store, const StageConfig& stage);

// What stages train besides the parts that belongsTo knows by a word: beginnings of names of the base's weights, each once.
std::vector<std::string> basePartsOf(const TrainConfig& config);

// One a parameter: its learning rate as a share of the stage's. A weight in several named parts takes the last of them in the
// order of their names. Throws Error{InvalidInput} for a part that holds no trained weight.
std::vector<double> rateShares(const ParameterStore& store, const StageConfig& stage);

}  // namespace orthoscribe::learn
