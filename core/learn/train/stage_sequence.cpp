// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>

#include "core/base/error.h"
#include "core/learn/train/stage_checkpoint.h"
#include "core/learn/train/trainee.h"

namespace orthoscribe::learn {
namespace {

bool isFinished(const StageFiles& files, const StageConfig& stage) {
  if (!std::filesystem::exists(files.checkpoint)) return false;
  const StageProgress progress = readStageProgress(files.checkpoint);
  if (progress.stage == stage.name) return progress.finished;
  throw Error(ErrorCode::InvalidInput,
              files.checkpoint.string() + ": belongs to the stage '" + progress.stage + "', not '" + stage.name + "'",
              "the stages were changed since; start anew, without --resume, or with another output");
}

void markFinished(const StageFiles& files, const StageConfig& stage, const ParameterStore& store) {
  StageState state;
  state.progress = {.stage = stage.name, .step = 0, .seconds = 0, .finished = true};
  // Nothing goes on from here, so the optimizer has nothing to keep.
  for (const Parameter& parameter : store.parameters()) {
    const torch::Tensor nothing = parameter.value.detach();
    state.optimizer.average.push_back(nothing);
    state.optimizer.firstMoments.push_back(nothing);
    state.optimizer.secondMoments.push_back(nothing);
  }
  saveStage(files.checkpoint, store, state);
}

// Returns whether it came to its end.
bool runOne(Trainee& trainee, const StageConfig& stage, const StageFiles& files, const RankGroup& ranks, bool resume,
            StageHooks hooks, const CancelToken& cancel) {
  hooks.evaluate = [&] { return trainee.evaluate(stage); };
  if (const std::optional<bool> own = trainee.runItself(stage, files, resume, hooks, cancel)) {
    if (*own && ranks.writes()) markFinished(files, stage, trainee.store());
    return *own;
  }
  const std::unique_ptr<LessonStream> lessons = trainee.lessons(stage);
  if (!lessons)
    throw Error(ErrorCode::Unsupported,
                "stage " + stage.name + ": this model has no stage of the kind " + std::string(stageKindName(stage.kind)),
                "choose another kind");
  return StageRunner(trainee.store(), *lessons, stage, files, ranks).run(resume, hooks, cancel).finished;
}

}  // namespace

bool runStages(const TrainConfig& config, Trainee& trainee, const RankGroup& ranks, bool resume, const StageHooks& hooks,
               const CancelToken& cancel) {
  std::size_t first = 0;
  const auto filesOf = [&](std::size_t index) { return stageFiles(config.output, index + 1, config.stages[index].name); };
  while (resume && first < config.stages.size() && isFinished(filesOf(first), config.stages[first])) ++first;
  if (first > 0) {
    loadStageWeights(filesOf(first - 1).checkpoint, trainee.store());
    if (hooks.report) hooks.report("finished before: " + std::to_string(first) + " of " + std::to_string(config.stages.size()));
  }
  for (std::size_t index = first; index < config.stages.size(); ++index) {
    const StageConfig& stage = config.stages[index];
    if (hooks.begin) hooks.begin(stage);
    if (hooks.report)
      hooks.report("stage " + std::to_string(index + 1) + " of " + std::to_string(config.stages.size()) + ": " + stage.name);
    // A later stage may have left one in an earlier run.
    const bool goOn = resume && index == first;
    if (!goOn && ranks.writes()) std::filesystem::remove(filesOf(index).checkpoint);
    if (!runOne(trainee, stage, filesOf(index), ranks, goOn, hooks, cancel)) return false;
    if (ranks.writes()) trainee.write(config.output);
  }
  return true;
}

}  // namespace orthoscribe::learn
