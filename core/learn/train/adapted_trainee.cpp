// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/adapted_trainee.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/train/conversation_lessons.h"
#include "core/learn/train/stage_parts.h"
#include "core/learn/train/stage_samples.h"
#include "core/model/adapters/saved_modules.h"

namespace orthoscribe::learn {

model::AdapterConfig adapterConfigOf(const AdapterPlan& plan, const std::string& base) {
  model::AdapterConfig config;
  config.base = base;
  config.rank = plan.rank;
  config.alpha = plan.alpha;
  config.scale = plan.alpha / static_cast<double>(plan.rank);
  config.dropout = plan.dropout;
  config.targets = plan.targets;
  // In decoders that fuse them these are parts of the fused ones.
  if (config.targets.empty()) config.targets = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};
  config.type = "LORA";
  if (plan.kind != "mole") return config;
  config.type = "MOLE";
  config.experts = plan.experts;
  config.topK = plan.topK;
  // A single choice keeps its probability, or its router would never learn (skynova.md section 3.5).
  config.normaliseTopK = plan.topK > 1;
  config.routerScope = plan.routerOfBlock ? model::RouterScope::Block : model::RouterScope::Linear;
  config.routerInput = plan.routerInput;
  config.sharedExpert = plan.sharedExpert;
  config.sharedRank = plan.sharedRank > 0 ? plan.sharedRank : plan.rank;
  config.sharedAlpha = plan.sharedAlpha > 0 ? plan.sharedAlpha : config.scale * static_cast<double>(config.sharedRank);
  return config;
}

namespace {

// What was trained of the base before is gone on with, even where no stage trains it any more.
std::vector<std::string> basePartsFor(const TrainConfig& config) {
  std::vector<std::string> parts = basePartsOf(config);
  if (config.adapter.from.empty()) return parts;
  for (const std::string& part : model::savedModules(config.adapter.from)) parts.push_back(part);
  return parts;
}

}  // namespace

AdaptedTrainee::AdaptedTrainee(const TrainConfig& config, torch::Device device)
    : config_(config),
      model_(findModelDirectory(config.model), adapterConfigOf(config.adapter, config.model), config.seed, device,
             config.precision == "bfloat16" ? torch::kBFloat16 : torch::kFloat32, basePartsFor(config)),
      voice_(ModelVoice::load(findModelDirectory(config.model), model_.network().traits())) {
  for (const StageConfig& stage : config.stages) loadingOf(config, stage, voice_.card);
  if (!config.adapter.from.empty()) model_.loadAdapter(config.adapter.from / "adapter_model.safetensors");
}

std::unique_ptr<LessonStream> AdaptedTrainee::lessons(const StageConfig& stage) {
  if (stage.kind == StageKind::Tower) return nullptr;
  if (stage.data.empty())
    throw Error(ErrorCode::InvalidInput, config_.file.string() + ": stage " + stage.name + " names no `data`",
                "name datasets, for example data: [captions, vqa*2]");
  return std::make_unique<ConversationLessons>(model_, voice_, stageSamples(config_, stage, voice_.card), stage, config_.seed);
}

void AdaptedTrainee::write(const std::filesystem::path& output) {
  model_.write(output);
}

}  // namespace orthoscribe::learn
