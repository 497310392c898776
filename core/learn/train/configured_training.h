// SPDX-License-Identifier: GPL-2.0-or-later
// A training as a configuration file tells it, from the model to what is written. What `orthoscribe train CONFIG.yaml` does.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/cancel.h"
#include "core/learn/train/trainee.h"

namespace orthoscribe::learn {

// The model of the configuration on a device; report may be empty. Throws Error as its parts do.
std::unique_ptr<Trainee> makeTrainee(const TrainConfig& config, torch::Device device,
                                     const std::function<void(const std::string& line)>& report, const CancelToken& cancel);

// Alone, or with the other processes that torchrun, Slurm or MPI started: then the first of them alone writes and reports; all
// see the output folder. Returns whether it came to the end; false: cancelled, with a checkpoint to go on from. Throws as
// runStages and RankGroup.
bool trainConfigured(const TrainConfig& config, bool resume, const StageHooks& hooks, const CancelToken& cancel);

}  // namespace orthoscribe::learn
