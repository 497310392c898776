// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_trainee.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/learn/train/stage_parts.h"

namespace orthoscribe::learn {
namespace {

// Names in `trains` that mean no expert are of the base.
std::vector<std::string> baseParts(const TrainConfig& config) {
  std::vector<std::string> parts = basePartsOf(config);
  std::erase_if(parts, [](const std::string& part) {
    const std::string first = part.substr(0, part.find('.'));
    if (first == "dense" || first == "relevance") return true;
    for (std::int64_t expert = 0; expert < kAspectExperts; ++expert)
      if (first == typeOfExpert(expert)) return true;
    return false;
  });
  return parts;
}

bool judgesRelevance(const StageConfig& stage) {
  return std::ranges::count(stage.losses, "relevance", &LossTerm::name) > 0;
}

AspectPlan planOf(const TrainConfig& config) {
  const AdapterPlan& adapter = config.adapter;
  if (adapter.dropout > 0)
    throw Error(ErrorCode::Unsupported, "adapter.dropout is not applied to experts for aspects", "leave it out");
  if (!adapter.from.empty())
    throw Error(ErrorCode::Unsupported, "adapter.from is not applied to experts for aspects", "leave it out");
  AspectPlan plan{.rank = adapter.rank, .alpha = adapter.alpha};
  if (!adapter.targets.empty()) plan.targets = adapter.targets;
  plan.baseParts = baseParts(config);
  plan.relevance = std::ranges::any_of(config.stages, judgesRelevance);
  return plan;
}

}  // namespace

AspectTrainee::AspectTrainee(const TrainConfig& config, torch::Device device, torch::ScalarType dtype)
    : config_(config), model_(config.model, planOf(config), config.seed, device, dtype) {}

std::unique_ptr<LessonStream> AspectTrainee::lessons(const StageConfig& stage) {
  AspectLessonOptions options{.stage = std::ranges::count(stage.trains, "dense") > 0 ? AspectStage::Dense : AspectStage::Experts,
                              .batch = stage.batch,
                              .maxTokens = stage.maxTokens,
                              .seed = config_.seed};
  if (options.stage == AspectStage::Experts && model_.expertsAreFresh()) model_.copyDenseToExperts();
  std::vector<Conversation> conversations;
  for (const std::string& name : stage.data) {
    const Dataset& dataset = config_.dataset(name);
    const std::filesystem::path root = dataset.imageRoot.empty() ? dataset.file.parent_path() : dataset.imageRoot;
    for (Conversation& conversation : readConversations(dataset.file)) {
      for (std::string& image : conversation.images) image = (root / image).string();
      conversations.push_back(std::move(conversation));
    }
  }
  return std::make_unique<AspectLessons>(model_, std::move(conversations), std::move(options));
}

void AspectTrainee::write(const std::filesystem::path& output) {
  if (model_.expertsAreFresh()) model_.copyDenseToExperts();
  model_.write(output, std::filesystem::absolute(config_.model).lexically_normal().string());
}

}  // namespace orthoscribe::learn
