// SPDX-License-Identifier: GPL-2.0-or-later
// The starter's lessons: views of pictures with questions about them, and closed-book questions beside them.
#pragma once

#include <optional>

#include "core/learn/data/decoder_views.h"
#include "core/learn/data/loose_wording.h"
#include "core/learn/data/prefetch.h"
#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/starter_model.h"

namespace orthoscribe::learn {

struct StarterLessonOptions {
  std::int64_t pictures = 16;          // views a micro-batch
  std::int64_t texts = 0;              // rows of closed-book questions a micro-batch
  bool preferences = false;            // pairs of answers about the pictures in place of lessons
  std::vector<std::string> strangers;  // words that may stray into closed-book questions
  std::vector<double> drawWeights;     // of the samples, in their order; empty: all alike
  std::int64_t maxTextTokens = 224;
  std::uint64_t seed = 1;
  at::ScalarType dtype = at::kBFloat16;
};

// Micro-batch n depends on the seed and on n alone. samples, knowledge, tokenizer and starter must outlive it.
class StarterLessons : public LessonStream {
 public:
  StarterLessons(const StarterModel& starter, const std::vector<Sample>& samples, const std::vector<QuestionAnswer>& knowledge,
                 const text::Tokenizer& tokenizer, const StarterLessonOptions& options);

  void begin(std::int64_t first, std::int64_t stride) override;
  void load(std::int64_t number) override;
  AnswerBatch answer() override;

 private:
  std::vector<std::vector<QuestionAnswer>> pictureLessons(const DecoderViews& views);
  std::vector<std::vector<QuestionAnswer>> textLessons(std::int64_t number) const;
  void choosePreferences(const DecoderViews& views, std::vector<std::vector<QuestionAnswer>>& lessons);
  void pairUp(AnswerBatch& batch) const;

  const StarterModel& starter_;
  const std::vector<QuestionAnswer>& knowledge_;
  StarterLessonOptions options_;
  std::unique_ptr<text::ChatTemplate> template_;
  LessonPacker packer_;
  DecoderViewMaker maker_;
  LooseWording loose_;
  torch::Device device_;

  std::optional<model::StarterView> view_;
  PackedLessons pictures_, texts_;
  std::optional<Prefetch<DecoderViews>> prefetch_;  // last: its thread uses the maker
};

}  // namespace orthoscribe::learn
