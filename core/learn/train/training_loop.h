// SPDX-License-Identifier: GPL-2.0-or-later
// The loop that both stages share: micro-batches gathered into steps, schedule, checkpoints, held-out evaluation, cancelling.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/train/checkpoint.h"
#include "core/learn/train/optimizer.h"
#include "core/learn/train/run_clock.h"

namespace orthoscribe::learn {

using Figures = std::map<std::string, double>;  // by name, to be shown

struct LoopOptions {
  std::string stage;
  RunLength length;
  int accumulate = 1;  // micro-batches a step
  double evaluateEverySeconds = 300;
  double saveEverySeconds = 120;
  std::filesystem::path checkpoint;  // empty: none is written
  bool resume = false;               // from `checkpoint`, if it is there
};

struct LoopHooks {
  // Forward and backward of one micro-batch, its loss multiplied by `share`. number: 0, 1, 2, ... over the whole run.
  std::function<Figures(std::int64_t number, double share)> microBatch;
  // On the held-out part, with the running mean of the weights in place. May be empty.
  std::function<Figures()> evaluate;
  // Called with the first micro-batch's number before the loop starts.
  std::function<void(std::int64_t first, const RunClock& clock)> begin;
  // One line now and then.
  std::function<void(const std::string& line)> report;
  ProgressCallback progress;
};

struct LoopResult {
  std::int64_t steps = 0;
  bool cancelled = false;  // a checkpoint was written all the same
  double lastLoss = 0;
};

LoopResult runLoop(ParameterStore& store, Optimizer& optimizer, const LoopOptions& options, const LoopHooks& hooks,
                   const CancelToken& cancel);

// "loss 1.234 scene 0.567", in the order of the names.
std::string figureText(const Figures& figures);

}  // namespace orthoscribe::learn
