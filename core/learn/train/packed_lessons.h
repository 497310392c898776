// SPDX-License-Identifier: GPL-2.0-or-later
// Lessons as token sequences: one sequence a picture, the image first, then every question with its answer. Questions do not see
// each other: each continues the image as if it stood alone, so a picture is paid for once.
#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/learn/data/question.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::learn {

inline constexpr const char* kImageBegin = "<img>";
inline constexpr const char* kImageRow = "<IMG_CONTEXT>";
inline constexpr const char* kImageEnd = "</img>";
inline constexpr const char* kPadToken = "<|pad|>";

struct PackedLessons {
  torch::Tensor ids;        // int64 [N, S]; at the image's rows the id of kImageRow
  torch::Tensor labels;     // int64 [N, S]: the token that should come next, -100 where none is asked
  torch::Tensor weights;    // float32 [N, S]: of a label; an answer of n tokens counts as sqrt(n)
  torch::Tensor questions;  // int64 [N, S]: 0 image and what comes before it, then 1, 2, ...; -1 padding
  torch::Tensor positions;  // int64 [N, S]; every question starts where the image ends, or at 0 where there is none
  std::int64_t imageBegin = 0;
  std::int64_t imageRows = 0;

  // bool [N, S, S]: a token sees the image's part and its own question up to itself.
  torch::Tensor mask() const;
};

class LessonPacker {
 public:
  // References are kept. maxTextTokens: answers are cut off beyond this many tokens of text a picture.
  LessonPacker(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate, std::int64_t imageRows,
               std::int64_t maxTextTokens);

  PackedLessons pack(const std::vector<std::vector<QuestionAnswer>>& lessons) const;
  // The same for questions without an image.
  PackedLessons packTexts(const std::vector<std::vector<QuestionAnswer>>& lessons) const;
  // Tokens that a question with its answer takes behind an image.
  std::int64_t lengthOf(const QuestionAnswer& pair) const;

 private:
  struct Row {
    std::vector<std::int64_t> ids, labels, questions, positions;
    std::vector<float> weights;
  };
  Row packOne(const std::vector<QuestionAnswer>& lesson, const std::vector<std::int64_t>& head) const;
  PackedLessons packAll(const std::vector<std::vector<QuestionAnswer>>& lessons, const std::vector<std::int64_t>& head) const;
  void append(Row& row, const QuestionAnswer& pair, std::int64_t question, std::size_t headLength) const;

  const text::Tokenizer& tokenizer_;
  const text::ChatTemplate& template_;
  std::int64_t imageRows_;
  std::int64_t maxTextTokens_;
  std::int64_t endToken_;
  std::int64_t padToken_;
  std::vector<std::int64_t> head_;  // up to and with the image's end
};

}  // namespace orthoscribe::learn
