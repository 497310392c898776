// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/stage_checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <charconv>
#include <map>

#include "core/base/error.h"
#include "core/learn/train/checkpoint_file.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "orthoscribe stage 1";
constexpr const char* kWeight = "weight/";
constexpr const char* kFirst = "first/";
constexpr const char* kSecond = "second/";
constexpr const char* kAverage = "average/";
constexpr const char* kReference = "reference/";
constexpr const char* kMemory = "memory/";

std::map<std::string, torch::Tensor> tensorsOf(const ParameterStore& store, const StageState& state) {
  std::map<std::string, torch::Tensor> tensors;
  for (std::size_t index = 0; index < store.parameters().size(); ++index) {
    const Parameter& parameter = store.parameters()[index];
    tensors[kWeight + parameter.name] = parameter.value.detach();
    if (isRunningStatistic(parameter.name) || parameter.trained)
      tensors[kAverage + parameter.name] = state.optimizer.average[index];
    if (!parameter.trained) continue;
    tensors[kFirst + parameter.name] = state.optimizer.firstMoments[index];
    tensors[kSecond + parameter.name] = state.optimizer.secondMoments[index];
    if (!state.reference.empty()) tensors[kReference + parameter.name] = state.reference[index];
  }
  for (const auto& [name, value] : state.memory.values) {
    if (value.defined()) tensors[kMemory + name] = value;
  }
  return tensors;
}

const std::string& entryOf(const model::SafetensorsFile& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end() || file.metadata().at("format") != kFormat)
    throw Error(ErrorCode::InvalidInput, file.path().string() + ": is no checkpoint of a stage",
                "start anew with another output");
  return found->second;
}

double numberAt(const model::SafetensorsFile& file, const std::string& key) {
  const std::string& text = entryOf(file, key);
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
    throw Error(ErrorCode::InvalidInput, file.path().string() + ": \"" + key + "\" is no number",
                "start anew with another output");
  return number;
}

StageProgress progressOf(const model::SafetensorsFile& file) {
  if (!file.metadata().contains("format")) entryOf(file, "format");
  return {.stage = entryOf(file, "stage"),
          .step = static_cast<std::int64_t>(numberAt(file, "step")),
          .seconds = numberAt(file, "seconds"),
          .finished = entryOf(file, "finished") == "yes"};
}

void copyInto(torch::Tensor target, const model::SafetensorsFile& file, const std::string& name) {
  if (!file.has(name) || file.entries().at(name).shape != target.sizes().vec())
    throw Error(ErrorCode::InvalidInput,
                file.path().string() + ": the tensor '" + name + "' is missing or has another shape than the model",
                "the configuration was changed since; start anew with another output");
  target.copy_(file.tensor(name));
}

}  // namespace

void saveStage(const fs::path& path, const ParameterStore& store, const StageState& state) {
  writeCheckpointFile(path, tensorsOf(store, state),
                      {{"format", kFormat},
                       {"stage", state.progress.stage},
                       {"step", std::to_string(state.progress.step)},
                       {"seconds", std::to_string(state.progress.seconds)},
                       {"finished", state.progress.finished ? "yes" : "no"},
                       {"optimizer_steps", std::to_string(state.optimizer.steps)}});
}

StageProgress readStageProgress(const fs::path& path) {
  return progressOf(model::SafetensorsFile(path));
}

void loadStageWeights(const fs::path& path, ParameterStore& store) {
  const at::NoGradGuard noGradients;
  const model::SafetensorsFile file(path);
  progressOf(file);
  for (const Parameter& parameter : store.parameters()) copyInto(parameter.value, file, kWeight + parameter.name);
}

void loadStage(const fs::path& path, ParameterStore& store, StageState& state) {
  const at::NoGradGuard noGradients;
  const model::SafetensorsFile file(path);
  const StageProgress progress = progressOf(file);
  if (progress.stage != state.progress.stage)
    throw Error(ErrorCode::InvalidInput,
                path.string() + ": belongs to the stage '" + progress.stage + "', not '" + state.progress.stage + "'",
                "the stages were changed since; start anew with another output");
  state.optimizer.steps = static_cast<std::int64_t>(numberAt(file, "optimizer_steps"));
  for (std::size_t index = 0; index < store.parameters().size(); ++index) {
    const Parameter& parameter = store.parameters()[index];
    copyInto(parameter.value, file, kWeight + parameter.name);
    state.optimizer.average[index].copy_(parameter.value);
    if (isRunningStatistic(parameter.name) || parameter.trained)
      copyInto(state.optimizer.average[index], file, kAverage + parameter.name);
    if (!parameter.trained) continue;
    copyInto(state.optimizer.firstMoments[index], file, kFirst + parameter.name);
    copyInto(state.optimizer.secondMoments[index], file, kSecond + parameter.name);
    if (!state.reference.empty()) copyInto(state.reference[index], file, kReference + parameter.name);
  }
  state.memory.values.clear();
  for (const auto& [name, stored] : file.entries()) {
    if (name.starts_with(kMemory)) state.memory.values[name.substr(std::strlen(kMemory))] = file.tensor(name).clone();
  }
  state.progress = progress;
}

}  // namespace orthoscribe::learn
