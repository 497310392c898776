// SPDX-License-Identifier: GPL-2.0-or-later
// Any family with an adapter, taken through stages.
#pragma once

#include <memory>

#include "core/learn/train/adapted_model.h"
#include "core/learn/train/model_voice.h"
#include "core/learn/train/trainee.h"

namespace orthoscribe::learn {

// What the plan asks for, for the decoder's linears.
model::AdapterConfig adapterConfigOf(const AdapterPlan& plan, const std::string& base);

class AdaptedTrainee : public Trainee {
 public:
  // The configuration is kept by reference. Names in a stage's `trains` that are no part of an adapter are beginnings of names of
  // the base's weights, which then learn too. Throws as AdaptedModel, ModelVoice and, for
  // every stage, loadingOf.
  AdaptedTrainee(const TrainConfig& config, torch::Device device);

  ParameterStore& store() override { return model_.adapter(); }
  // Throws Error{Unsupported} for stages of the starter alone.
  std::unique_ptr<LessonStream> lessons(const StageConfig& stage) override;
  // The adapter's folder.
  void write(const std::filesystem::path& output) override;

  const AdaptedModel& model() const { return model_; }

 private:
  const TrainConfig& config_;
  AdaptedModel model_;
  ModelVoice voice_;
};

}  // namespace orthoscribe::learn
