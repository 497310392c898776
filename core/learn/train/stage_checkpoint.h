// SPDX-License-Identifier: GPL-2.0-or-later
// Everything a stage needs to go on as if it had never stopped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/learn/train/losses/loss_list.h"
#include "core/learn/train/optimizer.h"
#include "core/learn/train/parameter_store.h"

namespace orthoscribe::learn {

struct StageProgress {
  std::string stage;
  std::int64_t step = 0;  // steps done
  double seconds = 0;     // of training so far
  bool finished = false;
};

struct StageState {
  StageProgress progress;
  OptimizerState optimizer;
  LossMemory memory;
  std::vector<torch::Tensor> reference;  // trained weights at the beginning, in the store's order; empty where none is needed
};

// Written beside, brought to the disk and renamed, so that a full disk or a power cut leaves the one before. The frozen weights
// of a model are not in the store and not in the file. Throws Error{Io} saying so.
void saveStage(const std::filesystem::path& path, const ParameterStore& store, const StageState& state);

// Into a store and a state of the same shape; state.reference is filled where it is sized. Throws Error{NotFound};
// Error{InvalidInput} naming the file when it belongs to another stage, model or choice of what is trained.
void loadStage(const std::filesystem::path& path, ParameterStore& store, StageState& state);

// The file's head alone. Throws as loadStage.
StageProgress readStageProgress(const std::filesystem::path& path);

// The weights alone, which is what a finished stage gives to the next. Throws as loadStage.
void loadStageWeights(const std::filesystem::path& path, ParameterStore& store);

}  // namespace orthoscribe::learn
