// SPDX-License-Identifier: GPL-2.0-or-later
// A whole training of the starter: from a folder of data to a model folder. What `orthoscribe train` does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/cancel.h"
#include "core/base/progress.h"

namespace orthoscribe::learn {

struct TrainingOptions {
  std::filesystem::path data;
  std::filesystem::path out;  // model folder; checkpoints lie in out/training
  std::string stage = "all";  // "tower", "decoder", "all"
  std::int64_t steps = 0;     // of each stage; above 0 it wins over minutes
  double minutes = 60;        // of all stages together
  int batch = 16;
  int accumulate = 1;
  double towerRate = 2e-3;  // highest learning rates
  double decoderRate = 1.5e-3;
  std::uint64_t seed = 1;
  int threads = 0;              // 0: all cores
  std::string device = "auto";  // "auto", "cpu", "cuda"
  bool resume = false;
  std::filesystem::path towerFrom;    // weights to begin the tower with; empty: none
  std::filesystem::path decoderFrom;  // the same for projector, decoder and experts
};

struct TrainingHooks {
  std::function<void(const std::string& line)> report;
  ProgressCallback progress;
};

// Returns whether it came to its end; false: cancelled, with a checkpoint to resume from. The model folder is written at the end
// of each stage. Throws Error{InvalidInput} for options, NotFound for data or weights, Io.
bool trainStarter(const TrainingOptions& options, const TrainingHooks& hooks, const CancelToken& cancel);

}  // namespace orthoscribe::learn
