// SPDX-License-Identifier: GPL-2.0-or-later
// What a model said about a micro-batch of lessons, at the tokens it is judged by: all that losses see, whatever the family.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/model/adapters/routing.h"

namespace orthoscribe::learn {

// T: tokens of all answers, one after another. All tensors are on the model's device.
struct AnswerBatch {
  torch::Tensor logits;   // float32 [T, V], what was said of each token by the place before it
  torch::Tensor labels;   // int64 [T], the right tokens
  torch::Tensor weights;  // float32 [T], what a token counts in cross_entropy; 0 at rejected answers
  torch::Tensor answers;  // int64 [T], which answer of the batch a token belongs to; rising
  std::int64_t answerCount = 0;
  std::vector<std::string> names;  // of the answers, as a message may call them ("vqa.jsonl:12"); may be empty

  // Of preference stages: numbers of a better and a worse answer.
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;

  // Of experts for aspects with a relevance head: what it says of pictures (logits), and the share of each picture's captions
  // that speak of the aspect; float32 [pictures, aspects]. Undefined where there is no such head.
  torch::Tensor relevance, concerns;

  // Of models with routers, each [N, S, ..], or [N, 1, ..] where a sequence is routed as a whole; and which of the N x S places
  // hold an image's row or a token of text, bool [N, S]. Padding and rejected answers are in neither (skynova.md section 4.4).
  std::vector<model::Routing> routings;
  torch::Tensor isImage, isText;
};

}  // namespace orthoscribe::learn
