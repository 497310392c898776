// SPDX-License-Identifier: GPL-2.0-or-later
// A stage's losses on one micro-batch after another: their weighted sum, its gradient, and what there is to tell of them.
#pragma once

#include <cstdint>
#include <vector>

#include "core/learn/train/curves.h"
#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/losses/loss_list.h"
#include "core/learn/train/parameter_store.h"
#include "core/learn/train/router_usage.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

class StageLosses {
 public:
  // References are kept. Throws Error{InvalidInput} for a loss that nobody knows.
  StageLosses(const ParameterStore& store, const StageConfig& config, const RankGroup& ranks);

  bool needReference() const;
  // Trained weights at the beginning of the stage, by which the reference answers.
  std::vector<torch::Tensor>& reference() { return reference_; }
  LossMemory& memory() { return memory_; }

  // Answers of what the stream has loaded, and their gradient times `share` into the weights. done: how far the stage is. Throws
  // Error{InvalidInput} when a loss is not a number, naming it and the sample, before any gradient is taken; when a loss asks for
  // routers or pairs that the batch does not have.
  void backward(LessonStream& stream, double done, double share);

  // Gradients of all processes together.
  void addUpGradients() const;
  // Throws Error{InvalidInput} when the gradient is not a number.
  double checkedNorm(double norm) const;

  double lastTotal() const { return lastTotal_; }
  // Means since the last call: "loss", each loss without its weight, what pairs were paid, how routers were used.
  CurveRow takeFigures();
  // Answer tokens since the last call, those of all processes.
  double takeTokens();

 private:
  struct Term {
    const LossTerm* term;
    const Loss* loss;
  };
  torch::Tensor referenceOf(LessonStream& stream) const;
  void check(const AnswerBatch& batch, const torch::Tensor& policy, const Term& term, double value) const;
  void tellPairs(const LossInput& input);

  const ParameterStore& store_;
  const StageConfig& config_;
  const RankGroup& ranks_;
  std::vector<Term> terms_;
  std::vector<torch::Tensor> reference_;
  LossMemory memory_;
  RouterUsage usage_;
  CurveRow sums_;
  std::int64_t batches_ = 0;
  double tokens_ = 0;
  double lastTotal_ = 0;
};

}  // namespace orthoscribe::learn
