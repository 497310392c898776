// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/stage_runner.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include "core/base/error.h"
#include "core/learn/train/curves.h"
#include "core/learn/train/reference_policy.h"
#include "core/learn/train/router_usage.h"
#include "core/learn/train/run_clock.h"
#include "core/learn/train/stage_checkpoint.h"
#include "core/learn/train/stage_losses.h"
#include "core/learn/train/stage_parts.h"

namespace orthoscribe::learn {
namespace {

constexpr double kLastRateShare = 0.01;

double rateAt(const StageConfig& config, double done) {
  if (done < config.warmUp) return std::max(done / config.warmUp, kLastRateShare);
  const double along = config.warmUp < 1 ? (done - config.warmUp) / (1 - config.warmUp) : 1;
  return valueOn(config.schedule, 1, kLastRateShare, along);
}

OptimizerOptions optimizerOptions(const ParameterStore& store, const StageConfig& config) {
  OptimizerOptions options;
  options.learningRate = config.learningRate;
  options.beta1 = config.beta1;
  options.beta2 = config.beta2;
  options.weightDecay = config.weightDecay;
  options.clipNorm = config.clipNorm;
  options.averageDecay = config.averageDecay;
  options.shares = rateShares(store, config);
  return options;
}

RunLength lengthOf(const StageConfig& config, const LessonStream& stream, const RankGroup& ranks) {
  if (config.epochs <= 0) return {.steps = config.steps, .minutes = config.minutes};
  const std::int64_t epoch = stream.epochLength();
  if (epoch <= 0)
    throw Error(ErrorCode::InvalidInput, "stage " + config.name + ": its lessons have no end, so epochs say nothing",
                "give steps or minutes");
  const double steps = config.epochs * static_cast<double>(epoch) / static_cast<double>(config.accumulate * ranks.size());
  return {.steps = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(steps - 1e-9))), .minutes = 0};
}

bool allFinite(const ParameterStore& store) {
  for (const Parameter& parameter : store.parameters()) {
    if (parameter.trained && !parameter.value.detach().isfinite().all().item<bool>()) return false;
  }
  return true;
}

// One run of a stage; holds what changes from step to step.
class Run {
 public:
  Run(ParameterStore& store, LessonStream& stream, const StageConfig& config, const StageFiles& files, const RankGroup& ranks,
      bool resume, const StageHooks& hooks)
      : store_(store),
        stream_(stream),
        config_(config),
        files_(ranks.writes() ? files : StageFiles{}),
        ranks_(ranks),
        hooks_(hooks),
        optimizer_(store, optimizerOptions(store, config)),
        losses_(store, config, ranks),
        curves_(files_.curves, files_.page, "Stage " + config.name),
        seconds_(begin(resume ? files.checkpoint : std::filesystem::path())),
        length_(lengthOf(config, stream, ranks)),
        clock_(length_, seconds_) {}

  StageResult run(const CancelToken& cancel) {
    StageResult result;
    if (!finished_) train(cancel);
    result.steps = step_ - first_;
    result.finished = finished_;
    result.last = last_;
    return result;
  }

 private:
  double begin(const std::filesystem::path& checkpoint) {
    if (losses_.needReference()) losses_.reference() = copyOfTrained(store_);
    if (checkpoint.empty() || !std::filesystem::exists(checkpoint)) {
      curves_.continueFrom(-1);
      return 0;
    }
    StageState state = this->state(0);
    loadStage(checkpoint, store_, state);
    optimizer_.state() = state.optimizer;
    losses_.memory() = state.memory;
    losses_.reference() = state.reference;
    first_ = step_ = saved_ = state.progress.step;
    finished_ = state.progress.finished;
    curves_.continueFrom(step_);
    return state.progress.seconds;
  }

  void train(const CancelToken& cancel) {
    stream_.begin((step_ * config_.accumulate) * ranks_.size() + ranks_.rank(), ranks_.size());
    rowSeconds_ = clock_.seconds();
    // All processes stop at the same step, or those that go on would wait for ever.
    done_ = shareDone();
    while (done_ < 1 && !together(cancel.cancelled())) {
      step();
      maintain();
    }
    finished_ = done_ >= 1 && !together(cancel.cancelled());
    if (!finished_) return save();
    giveAverage();
    evaluate();
    save();
  }

  // Clocks of several processes differ, steps do not.
  double shareDone() const { return ranks_.sum(clock_.done(step_)) / ranks_.size(); }
  bool together(bool one) const { return ranks_.sum(one ? 1.0 : 0.0) > 0; }

  void step() {
    const LossMemory before = losses_.memory();
    try {
      for (std::int64_t part = 0; part < config_.accumulate; ++part) {
        const std::int64_t number = (step_ * config_.accumulate + part) * ranks_.size() + ranks_.rank();
        stream_.load(number);
        losses_.backward(stream_, done_, 1.0 / static_cast<double>(config_.accumulate));
      }
      losses_.addUpGradients();
      rate_ = rateAt(config_, done_);
      gradientNorm_ += losses_.checkedNorm(optimizer_.step(rate_));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::InvalidInput) throw;
      losses_.memory() = before;
      stop(error);
    }
    ++step_;
    ++rowSteps_;
    done_ = shareDone();
  }

  [[noreturn]] void stop(const Error& error) {
    const std::string where = "stage " + config_.name + ", step " + std::to_string(step_ + 1) + ": " + error.message();
    if (!allFinite(store_)) throw Error(error.code(), where, "lower the learning rate and go on with --resume");
    // No row: others may not be here.
    if (step_ > saved_) write();
    const bool isKept = !files_.checkpoint.empty() && step_ > 0;
    const std::string kept = isKept ? "; the state before it is kept in " + files_.checkpoint.string() : "";
    throw Error(error.code(), where, error.hint() + kept);
  }

  void maintain() {
    if (rowSteps_ >= config_.logEvery) addRow();
    if (step_ - saved_ >= config_.saveEvery && done_ < 1) save();
    if (config_.evaluateEvery > 0 && step_ % config_.evaluateEvery == 0 && done_ < 1) evaluate();
    if (!hooks_.progress) return;
    char loss[32];
    std::snprintf(loss, sizeof loss, "%.4f", losses_.lastTotal());
    const std::string of = length_.steps > 0 ? " of " + std::to_string(length_.steps) : "";
    hooks_.progress({.done = length_.steps > 0 ? step_ - first_ : static_cast<std::int64_t>(1000 * done_),
                     .total = length_.steps > 0 ? length_.steps - first_ : 1000,
                     .unit = length_.steps > 0 ? "steps" : "thousandths",
                     .note = config_.name + ", step " + std::to_string(step_) + of + ", loss " + loss});
  }

  void addRow() {
    if (rowSteps_ == 0) return;
    const double now = clock_.seconds();
    CurveRow row = {{"seconds", now},
                    {"tokens_per_second", losses_.takeTokens() / std::max(now - rowSeconds_, 1e-9)},
                    {"learning_rate", rate_ * config_.learningRate},
                    {"gradient_norm", gradientNorm_ / static_cast<double>(rowSteps_)}};
    for (const auto& figure : losses_.takeFigures()) row.push_back(figure);
    if (ranks_.writes()) curves_.add(step_, row);
    last_ = Figures(row.begin(), row.end());
    if (hooks_.report) hooks_.report(config_.name + " step " + std::to_string(step_) + ": " + figureText(last_));
    gradientNorm_ = 0;
    rowSteps_ = 0;
    rowSeconds_ = now;
  }

  StageState state(double seconds) {
    StageState state;
    state.progress = {.stage = config_.name, .step = step_, .seconds = seconds, .finished = finished_};
    state.optimizer = optimizer_.state();
    state.memory = losses_.memory();
    state.reference = losses_.reference();
    return state;
  }

  void save() {
    addRow();
    write();
  }

  void write() {
    saved_ = step_;
    if (files_.checkpoint.empty()) return;
    saveStage(files_.checkpoint, store_, state(clock_.seconds()));
    curves_.writePage();
  }

  void giveAverage() {
    if (config_.averageDecay <= 0) return;
    const at::NoGradGuard noGradients;
    for (std::size_t index = 0; index < store_.parameters().size(); ++index) {
      torch::Tensor value = store_.parameters()[index].value;
      value.copy_(optimizer_.state().average[index]);
    }
  }

  void evaluate() {
    if (!hooks_.evaluate) return;
    const AveragedWeights averaged(store_, optimizer_.state());
    const Figures figures = hooks_.evaluate();
    if (figures.empty()) return;
    CurveRow row;
    for (const auto& [name, value] : figures) row.emplace_back("held_out_" + name, value);
    if (ranks_.writes()) curves_.add(step_, row);
    if (hooks_.report) hooks_.report(config_.name + " held out, step " + std::to_string(step_) + ": " + figureText(figures));
  }

  ParameterStore& store_;
  LessonStream& stream_;
  const StageConfig& config_;
  StageFiles files_;
  const RankGroup& ranks_;
  const StageHooks& hooks_;
  Optimizer optimizer_;
  StageLosses losses_;
  Curves curves_;
  std::int64_t step_ = 0, first_ = 0, saved_ = 0;
  bool finished_ = false;
  double seconds_;
  RunLength length_;
  RunClock clock_;
  double done_ = 0;  // share of the stage
  double rate_ = 0;
  double gradientNorm_ = 0;  // sum over the steps of the row
  std::int64_t rowSteps_ = 0;
  double rowSeconds_ = 0;
  Figures last_;
};

}  // namespace

StageFiles stageFiles(const std::filesystem::path& output, std::size_t number, const std::string& stage) {
  char head[16];
  std::snprintf(head, sizeof head, "%02zu-", number);
  const std::filesystem::path base = output / "training" / (head + stage);
  return {.checkpoint = base.string() + ".safetensors", .curves = base.string() + ".csv", .page = base.string() + ".html"};
}

StageRunner::StageRunner(ParameterStore& store, LessonStream& stream, const StageConfig& config, StageFiles files,
                         const RankGroup& ranks)
    : store_(store), stream_(stream), config_(config), files_(std::move(files)), ranks_(ranks) {}

StageResult StageRunner::run(bool resume, const StageHooks& hooks, const CancelToken& cancel) {
  chooseTrained(store_, config_);
  return Run(store_, stream_, config_, files_, ranks_, resume, hooks).run(cancel);
}

}  // namespace orthoscribe::learn
