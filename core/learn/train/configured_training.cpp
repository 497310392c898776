// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/configured_training.h"

#include <ATen/Parallel.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/engine/placement.h"
#include "core/learn/aspects/aspect_trainee.h"
#include "core/learn/train/adapted_trainee.h"
#include "core/learn/train/starter_trainee.h"

namespace orthoscribe::learn {
namespace {

torch::Device deviceOf(const TrainConfig& config, const std::optional<RankPlace>& place) {
  const torch::Device device = engine::choosePlacement(config.device, config.precision, {}).device;
  if (!place || !device.is_cuda() || config.device.find(':') != std::string::npos) return device;
  return {device.type(), static_cast<c10::DeviceIndex>(place->localRank)};
}

// The starter's tower is small enough for one process, and its stage knows of no others.
void checkProcesses(const TrainConfig& config, const std::optional<RankPlace>& place) {
  if (!place || place->size == 1 || config.model != "starter" || !config.eyes.empty()) return;
  for (const StageConfig& stage : config.stages) {
    if (stage.kind != StageKind::Tower) continue;
    throw Error(ErrorCode::Unsupported, config.file.string() + ": the stage " + stage.name + " runs in one process",
                "train it alone first, then give its weights as `eyes` to the others");
  }
}

}  // namespace

std::unique_ptr<Trainee> makeTrainee(const TrainConfig& config, torch::Device device,
                                     const std::function<void(const std::string& line)>& report, const CancelToken& cancel) {
  const auto say = [report](const std::string& line) {
    if (report) report(line);
  };
  if (config.model == "starter") return std::make_unique<StarterTrainee>(config, device, say, cancel);
  if (config.adapter.kind == "aspects")
    return std::make_unique<AspectTrainee>(config, device,
                                           engine::choosePlacement(config.device, config.precision, {}).precision);
  return std::make_unique<AdaptedTrainee>(config, device);
}

bool trainConfigured(const TrainConfig& config, bool resume, const StageHooks& hooks, const CancelToken& cancel) {
  if (config.threads > 0) at::set_num_threads(config.threads);
  const std::optional<RankPlace> place = readRankPlace([](const char* name) -> const char* { return std::getenv(name); });
  const torch::Device device = deviceOf(config, place);
  checkProcesses(config, place);
  const RankGroup ranks = place ? RankGroup(*place, device) : RankGroup();
  const StageHooks own = ranks.writes() ? hooks : StageHooks{};
  const std::unique_ptr<Trainee> trainee = makeTrainee(config, device, own.report, cancel);
  if (own.report && place) own.report(std::to_string(place->size) + " processes, started by " + place->starter);
  if (own.report) own.report(std::to_string(trainee->store().count()) + " numbers can be trained");
  return runStages(config, *trainee, ranks, resume, own, cancel);
}

}  // namespace orthoscribe::learn
