// SPDX-License-Identifier: GPL-2.0-or-later
// Everything a run needs to go on as if it had never stopped: weights, moments, running mean, steps and time. The data's position
// and all that is drawn follow from the step (core/learn/data/tower_batch.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/learn/train/optimizer.h"
#include "core/learn/train/parameter_store.h"

namespace orthoscribe::learn {

struct CheckpointPosition {
  std::string stage;
  std::int64_t step = 0;
  double seconds = 0;  // of training so far
};

// Written beside and renamed. Throws Error{Io}.
void saveCheckpoint(const std::filesystem::path& path, const ParameterStore& store, const OptimizerState& state,
                    const CheckpointPosition& position);

// Throws Error{NotFound}; Error{InvalidInput} naming the file when it belongs to another stage or model.
CheckpointPosition loadCheckpoint(const std::filesystem::path& path, const std::string& stage, ParameterStore& store,
                                  OptimizerState& state);

// Copies weights whose names begin with `prefix` from a safetensors file: a checkpoint (its running mean) or a plain file of
// weights. Returns how many were found. Throws Error{InvalidInput} for another shape.
int loadWeights(const std::filesystem::path& path, const std::string& prefix, ParameterStore& store);

}  // namespace orthoscribe::learn
