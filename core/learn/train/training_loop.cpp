// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/training_loop.h"

#include <cstdio>

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kReportEverySteps = 20;

class FigureMean {
 public:
  void add(const Figures& figures) {
    for (const auto& [name, value] : figures) sums_[name] += value;
    ++count_;
  }
  Figures take() {
    Figures mean = std::move(sums_);
    for (auto& [name, value] : mean) value /= static_cast<double>(count_ > 0 ? count_ : 1);
    sums_.clear();
    count_ = 0;
    return mean;
  }

 private:
  Figures sums_;
  std::int64_t count_ = 0;
};

// One run of the loop; holds what changes from step to step.
class Loop {
 public:
  Loop(ParameterStore& store, Optimizer& optimizer, const LoopOptions& options, const LoopHooks& hooks)
      : store_(store),
        optimizer_(optimizer),
        options_(options),
        hooks_(hooks),
        position_(begin()),
        clock_(options.length, position_.seconds) {
    if (hooks_.begin) hooks_.begin(position_.step * options_.accumulate, clock_);
    lastEvaluation_ = lastSave_ = clock_.seconds();
  }

  LoopResult run(const CancelToken& cancel) {
    LoopResult result;
    const std::int64_t first = position_.step;
    while (clock_.done(position_.step) < 1 && !cancel.cancelled()) {
      result.lastLoss = step();
      maintain();
    }
    result.steps = position_.step - first;
    result.cancelled = cancel.cancelled();
    save();
    if (!result.cancelled) evaluate();
    return result;
  }

 private:
  CheckpointPosition begin() {
    if (options_.resume && std::filesystem::exists(options_.checkpoint))
      return loadCheckpoint(options_.checkpoint, options_.stage, store_, optimizer_.state());
    return {options_.stage, 0, 0};
  }

  double step() {
    const double rateFactor = scheduleFactor(clock_.done(position_.step));
    double loss = 0;
    for (int part = 0; part < options_.accumulate; ++part) {
      const Figures figures = hooks_.microBatch(position_.step * options_.accumulate + part, 1.0 / options_.accumulate);
      loss += figures.contains("loss") ? figures.at("loss") / options_.accumulate : 0;
      mean_.add(figures);
    }
    optimizer_.step(rateFactor);
    ++position_.step;
    return loss;
  }

  void maintain() {
    const double now = clock_.seconds();
    if (hooks_.progress) {
      const auto done = static_cast<std::int64_t>(clock_.done(position_.step) * 1000);
      hooks_.progress({done, 1000, "thousandths", options_.stage + ", step " + std::to_string(position_.step)});
    }
    if (position_.step % kReportEverySteps == 0)
      report("step " + std::to_string(position_.step) + ", " + std::to_string(static_cast<int>(now)) +
             " s: " + figureText(mean_.take()));
    if (now - lastSave_ >= options_.saveEverySeconds) save();
    if (now - lastEvaluation_ >= options_.evaluateEverySeconds) evaluate();
  }

  void save() {
    lastSave_ = clock_.seconds();
    position_.seconds = lastSave_;
    if (!options_.checkpoint.empty()) saveCheckpoint(options_.checkpoint, store_, optimizer_.state(), position_);
  }

  void evaluate() {
    if (!hooks_.evaluate) return;
    const AveragedWeights averaged(store_, optimizer_.state());
    report("held out, step " + std::to_string(position_.step) + ": " + figureText(hooks_.evaluate()));
    lastEvaluation_ = clock_.seconds();
  }

  void report(const std::string& line) const {
    if (hooks_.report) hooks_.report(options_.stage + " " + line);
  }

  ParameterStore& store_;
  Optimizer& optimizer_;
  const LoopOptions& options_;
  const LoopHooks& hooks_;
  CheckpointPosition position_;
  RunClock clock_;
  FigureMean mean_;
  double lastEvaluation_ = 0;
  double lastSave_ = 0;
};

}  // namespace

std::string figureText(const Figures& figures) {
  std::string text;
  for (const auto& [name, value] : figures) {
    char number[32];
    std::snprintf(number, sizeof number, "%.4f", value);
    text += (text.empty() ? "" : ", ") + name + " " + number;
  }
  return text;
}

LoopResult runLoop(ParameterStore& store, Optimizer& optimizer, const LoopOptions& options, const LoopHooks& hooks,
                   const CancelToken& cancel) {
  return Loop(store, optimizer, options, hooks).run(cancel);
}

}  // namespace orthoscribe::learn
