// SPDX-License-Identifier: GPL-2.0-or-later
// What the starter answers to packed lessons.
#pragma once

#include "core/learn/train/answer_batch.h"
#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/starter_model.h"

namespace orthoscribe::learn {

struct StarterAnswers {
  AnswerBatch batch;     // its pairs are left empty; routing of one pass
  torch::Tensor places;  // int64 [T], flat index of each answer token into [N, S]
};

// view: what the tower saw of the lessons' pictures, in their order; null for lessons without images. Products are computed in
// `dtype`. Answers are numbered by rows and, in them, by questions; those that were cut away whole have no number.
StarterAnswers starterAnswers(const StarterModel& starter, const model::StarterView* view, const PackedLessons& lessons,
                              at::ScalarType dtype);

// Both, one after the other: the second's answers are numbered behind the first's. Routings are joined along the tokens, as rows
// [1, N S, ..].
AnswerBatch joined(AnswerBatch first, AnswerBatch second);

}  // namespace orthoscribe::learn
