// SPDX-License-Identifier: GPL-2.0-or-later
// Second stage: the decoder with its experts and the projector learn to answer about what the (frozen) tower sees.
#pragma once

#include "core/learn/data/survey.h"
#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/starter_model.h"
#include "core/learn/train/training_loop.h"

namespace orthoscribe::learn {

struct StageOptions {
  LoopOptions loop;
  OptimizerOptions optimizer;
  std::uint64_t seed = 1;
  int batch = 16;
  torch::Device device = torch::kCPU;
  at::ScalarType dtype = at::kBFloat16;
};

LoopResult trainDecoder(StarterModel& starter, const Survey& survey, const text::Tokenizer& tokenizer,
                        const StageOptions& options, const std::function<void(const std::string&)>& report,
                        const ProgressCallback& progress, const CancelToken& cancel);

struct DecoderLoss {
  torch::Tensor total;
  double answer = 0;
  double balance = 0;
  double rightTokens = 0;  // share of answer tokens that were the likeliest
};

// view: what the tower saw of the batch's pictures, in the order of the packed lessons.
DecoderLoss decoderLoss(const StarterModel& starter, const model::StarterView& view, const PackedLessons& lessons,
                        at::ScalarType dtype);

// Shares of held-out questions answered word for word (every token of the answer was the likeliest), by kind of question.
Figures measureDecoder(const StarterModel& starter, const std::vector<Sample>& samples, const LessonPacker& packer,
                       const StageOptions& options);

}  // namespace orthoscribe::learn
