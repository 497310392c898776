// SPDX-License-Identifier: GPL-2.0-or-later
// Where a stage's lessons come from, and the model that is taught by them.
#pragma once

#include <cstdint>

#include "core/learn/train/answer_batch.h"

namespace orthoscribe::learn {

class LessonStream {
 public:
  virtual ~LessonStream() = default;

  // Micro-batches first, first + stride, first + 2 stride, ... will be loaded from now on: reading ahead may start. The stride is
  // the number of processes that train together.
  virtual void begin(std::int64_t first, std::int64_t stride) = 0;

  // The micro-batch of that number: the same for the same number, whatever came before.
  virtual void load(std::int64_t number) = 0;

  // The model's answers to what was loaded. May be called several times, under other weights too; what is drawn (dropout) depends
  // on the micro-batch's number alone. Takes gradients unless they are switched off around it.
  virtual AnswerBatch answer() = 0;

  // Micro-batches after which every lesson was seen once; 0: there is no such number, the stage's length is told in steps.
  virtual std::int64_t epochLength() const { return 0; }
};

}  // namespace orthoscribe::learn
