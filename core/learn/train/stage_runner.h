// SPDX-License-Identifier: GPL-2.0-or-later
// Runs one stage: losses by name over a stream of lessons, steps of the optimizer, checkpoints, curves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/train/data_parallel.h"
#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/parameter_store.h"
#include "core/learn/train/train_config.h"
#include "core/learn/train/training_loop.h"

namespace orthoscribe::learn {

struct StageFiles {
  std::filesystem::path checkpoint;  // safetensors
  std::filesystem::path curves;      // CSV
  std::filesystem::path page;        // HTML
};
// "training/02-tasks.safetensors", .csv and .html under the output folder. number: from 1.
StageFiles stageFiles(const std::filesystem::path& output, std::size_t number, const std::string& stage);

struct StageHooks {
  std::function<void(const StageConfig& stage)> begin;  // before a stage, by runStages
  std::function<void(const std::string& line)> report;
  ProgressCallback progress;          // after every step
  std::function<Figures()> evaluate;  // with the weights that the stage would end with; may be empty
};

struct StageResult {
  std::int64_t steps = 0;  // of this run, not counting those before a resume
  bool finished = false;   // false: cancelled, with a checkpoint to go on from
  Figures last;            // the last row of the curves
};

class StageRunner {
 public:
  // References are kept. files.checkpoint empty: nothing is written. Throws Error{InvalidInput} when `trains`, a group of
  // learning rates or a loss names nothing that is there.
  StageRunner(ParameterStore& store, LessonStream& stream, const StageConfig& config, StageFiles files, const RankGroup& ranks);

  // resume: goes on from the checkpoint, if it is there. At the end the store holds what the stage gives, and the checkpoint says
  // that it is finished. Throws Error{InvalidInput} when a loss or a gradient is not a number, naming stage, step, loss and
  // sample, after what came before was saved; Error{Io} when the checkpoint cannot be written: the one before it stays.
  StageResult run(bool resume, const StageHooks& hooks, const CancelToken& cancel);

 private:
  ParameterStore& store_;
  LessonStream& stream_;
  const StageConfig& config_;
  StageFiles files_;
  const RankGroup& ranks_;
};

}  // namespace orthoscribe::learn
