// SPDX-License-Identifier: GPL-2.0-or-later
// Training of experts for aspects in two stages: the dense LoRA on whole captions, then copies of it, each on its own aspect
// (rsmoe_and_metrics.md section 5.7). Chosen by the adapter kind "aspects".
#pragma once

#include <memory>

#include "core/learn/aspects/aspect_lessons.h"
#include "core/learn/aspects/aspect_model.h"
#include "core/learn/train/trainee.h"

namespace orthoscribe::learn {

class AspectTrainee : public Trainee {
 public:
  // config: model is the base's folder, adapter gives rank, alpha and targets of every expert; kept by reference. Throws as
  // AspectModel.
  AspectTrainee(const TrainConfig& config, torch::Device device, torch::ScalarType dtype);

  ParameterStore& store() override { return model_.store(); }
  // A stage that trains "dense" teaches whole captions; any other teaches the experts, which begin as the dense one where they
  // have not learnt anything yet. Either may train parts of the base too, by the beginnings of their names, and, with the loss
  // "relevance", the relevance head. Datasets are named as they are, without shares.
  std::unique_ptr<LessonStream> lessons(const StageConfig& stage) override;
  // The folder of the set; it names the base by its path. Experts that have learnt nothing yet are the dense one.
  void write(const std::filesystem::path& output) override;

 private:
  const TrainConfig& config_;
  AspectModel model_;
};

}  // namespace orthoscribe::learn
