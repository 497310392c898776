// SPDX-License-Identifier: GPL-2.0-or-later
// The starter taken through its stages: eyes first, then knowledge, tasks, preferences, refinement.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/learn/data/survey.h"
#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/starter_model.h"
#include "core/learn/train/trainee.h"

namespace orthoscribe::learn {

class StarterTrainee : public Trainee {
 public:
  // Reads config.dataFolder (laid out as survey.h says, with tables of facts in facts/), keeps to the split and the tokenizer
  // that lie in config.output and makes them where they are missing. Throws as surveyData and readBenchmark.
  StarterTrainee(const TrainConfig& config, torch::Device device, const std::function<void(const std::string&)>& report,
                 const CancelToken& cancel);
  ~StarterTrainee() override;

  ParameterStore& store() override { return starter_->store(); }
  std::unique_ptr<LessonStream> lessons(const StageConfig& stage) override;
  Figures evaluate(const StageConfig& stage) override;
  std::optional<bool> runItself(const StageConfig& stage, const StageFiles& files, bool resume, const StageHooks& hooks,
                                const CancelToken& cancel) override;
  void write(const std::filesystem::path& output) override;

 private:
  void readKnowledge();
  void readTokenizer();
  std::vector<double> drawWeights(const StageConfig& stage);

  const TrainConfig& config_;
  torch::Device device_;
  at::ScalarType dtype_;
  std::function<void(const std::string&)> report_;
  Survey survey_;
  std::vector<QuestionAnswer> knowledge_, paraphrases_;  // to learn; the same facts in other words, held out
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<text::ChatTemplate> template_;
  std::unique_ptr<StarterModel> starter_;
  std::unique_ptr<LessonPacker> packer_;  // with room for the longest answers
};

}  // namespace orthoscribe::learn
