// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <map>

#include "core/base/error.h"
#include "core/learn/train/checkpoint_file.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn {
namespace {

constexpr const char* kWeight = "weight/";
constexpr const char* kFirst = "first/";
constexpr const char* kSecond = "second/";
constexpr const char* kAverage = "average/";

void copyInto(torch::Tensor target, const model::SafetensorsFile& file, const std::string& name) {
  const torch::Tensor stored = file.tensor(name);
  if (stored.sizes() != target.sizes()) {
    throw Error(ErrorCode::InvalidInput, file.path().string() + ": tensor " + name + " has another shape than the model",
                "Start a run of its own with another --out.");
  }
  target.copy_(stored);
}

const std::string& entryOf(const model::SafetensorsFile& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end())
    throw Error(ErrorCode::InvalidInput, file.path().string() + ": is no checkpoint of a training run (no \"" + key + "\")");
  return found->second;
}

}  // namespace

void saveCheckpoint(const std::filesystem::path& path, const ParameterStore& store, const OptimizerState& state,
                    const CheckpointPosition& position) {
  std::map<std::string, torch::Tensor> tensors;
  for (std::size_t index = 0; index < store.parameters().size(); ++index) {
    const Parameter& parameter = store.parameters()[index];
    tensors[kWeight + parameter.name] = parameter.value.detach();
    tensors[kAverage + parameter.name] = state.average[index];
    if (!parameter.trained) continue;
    tensors[kFirst + parameter.name] = state.firstMoments[index];
    tensors[kSecond + parameter.name] = state.secondMoments[index];
  }
  writeCheckpointFile(path, tensors,
                      {{"stage", position.stage},
                       {"step", std::to_string(position.step)},
                       {"seconds", std::to_string(position.seconds)},
                       {"optimizer_steps", std::to_string(state.steps)}});
}

CheckpointPosition loadCheckpoint(const std::filesystem::path& path, const std::string& stage, ParameterStore& store,
                                  OptimizerState& state) {
  const at::NoGradGuard noGradients;
  const model::SafetensorsFile file(path);
  CheckpointPosition position{entryOf(file, "stage"), std::stoll(entryOf(file, "step")), std::stod(entryOf(file, "seconds"))};
  if (position.stage != stage) {
    throw Error(ErrorCode::InvalidInput,
                path.string() + ": belongs to the stage \"" + position.stage + "\", not \"" + stage + "\"",
                "Resume the stage it was written by.");
  }
  state.steps = std::stoll(entryOf(file, "optimizer_steps"));
  for (std::size_t index = 0; index < store.parameters().size(); ++index) {
    const Parameter& parameter = store.parameters()[index];
    copyInto(parameter.value, file, kWeight + parameter.name);
    copyInto(state.average[index], file, kAverage + parameter.name);
    if (!parameter.trained) continue;
    copyInto(state.firstMoments[index], file, kFirst + parameter.name);
    copyInto(state.secondMoments[index], file, kSecond + parameter.name);
  }
  return position;
}

int loadWeights(const std::filesystem::path& path, const std::string& prefix, ParameterStore& store) {
  const at::NoGradGuard noGradients;
  const model::SafetensorsFile file(path);
  int found = 0;
  for (const Parameter& parameter : store.parameters()) {
    if (!parameter.name.starts_with(prefix)) continue;
    const std::string averaged = kAverage + parameter.name;
    const std::string& name = file.has(averaged) ? averaged : parameter.name;
    if (!file.has(name)) continue;
    copyInto(parameter.value, file, name);
    ++found;
  }
  return found;
}

}  // namespace orthoscribe::learn
