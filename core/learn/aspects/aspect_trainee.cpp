// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_trainee.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

AspectPlan planOf(const AdapterPlan& adapter) {
  if (adapter.dropout > 0)
    throw Error(ErrorCode::Unsupported, "adapter.dropout is not applied to experts for aspects", "leave it out");
  if (!adapter.from.empty())
    throw Error(ErrorCode::Unsupported, "adapter.from is not applied to experts for aspects", "leave it out");
  AspectPlan plan{.rank = adapter.rank, .alpha = adapter.alpha};
  if (!adapter.targets.empty()) plan.targets = adapter.targets;
  return plan;
}

}  // namespace

AspectTrainee::AspectTrainee(const TrainConfig& config, torch::Device device, torch::ScalarType dtype)
    : config_(config), model_(config.model, planOf(config.adapter), config.seed, device, dtype) {}

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
