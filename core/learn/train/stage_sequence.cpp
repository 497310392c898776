// SPDX-License-Identifier: GPL-2.0-or-later
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/learn/train/stage_checkpoint.h"
#include "core/learn/train/trainee.h"

namespace orthoscribe::learn {
namespace {

bool isFinished(const StageFiles& files) {
  return std::filesystem::exists(files.checkpoint) && readStageProgress(files.checkpoint).finished;
}

// "02-tasks.safetensors", and what a stage keeps beside it.
std::vector<std::filesystem::path> checkpointsIn(const std::filesystem::path& output) {
  std::vector<std::filesystem::path> found;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(output / "training", missing)) {
    const std::string name = entry.path().filename().string();
    const std::size_t digits = name.find_first_not_of("0123456789");
    if (digits != 0 && digits != std::string::npos && name[digits] == '-' && name.ends_with(".safetensors"))
      found.push_back(entry.path());
  }
  return found;
}

// Nobody loses a training by forgetting a word.
void checkFresh(const TrainConfig& config) {
  const std::vector<std::filesystem::path> before = checkpointsIn(config.output);
  if (before.empty()) return;
  throw Error(ErrorCode::InvalidInput,
              config.output.string() + ": holds a training already (" + before.front().filename().string() + ")",
              "go on with --resume, or choose another output");
}

// Checkpoints that the configuration knows nothing of are of other stages, and what came of them is in those that it knows.
void checkNoOthers(const TrainConfig& config) {
  std::set<std::string> known;
  for (std::size_t index = 0; index < config.stages.size(); ++index)
    known.insert(stageFiles(config.output, index + 1, config.stages[index].name).checkpoint.stem().string());
  for (const std::filesystem::path& path : checkpointsIn(config.output)) {
    const std::string name = path.filename().string();
    if (known.contains(name.substr(0, name.find('.')))) continue;
    throw Error(ErrorCode::InvalidInput, path.string() + ": belongs to no stage of " + config.file.string(),
                "the stages were changed since; start anew with another output");
  }
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
  resume ? checkNoOthers(config) : checkFresh(config);
  while (resume && first < config.stages.size() && isFinished(filesOf(first))) ++first;
  if (first > 0) {
    loadStageWeights(filesOf(first - 1).checkpoint, trainee.store());
    if (hooks.report) hooks.report("finished before: " + std::to_string(first) + " of " + std::to_string(config.stages.size()));
    if (ranks.writes()) trainee.write(config.output);
  }
  for (std::size_t index = first; index < config.stages.size(); ++index) {
    const StageConfig& stage = config.stages[index];
    if (hooks.begin) hooks.begin(stage);
    if (hooks.report)
      hooks.report("stage " + std::to_string(index + 1) + " of " + std::to_string(config.stages.size()) + ": " + stage.name);
    if (!runOne(trainee, stage, filesOf(index), ranks, resume && index == first, hooks, cancel)) return false;
    if (ranks.writes()) trainee.write(config.output);
  }
  return true;
}

}  // namespace orthoscribe::learn
