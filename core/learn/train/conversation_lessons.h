// SPDX-License-Identifier: GPL-2.0-or-later
// Conversations as lessons for any family whose decoder an AdaptedModel trains.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/learn/data/loading/packing.h"
#include "core/learn/data/loading/sample_source.h"
#include "core/learn/data/prefetch.h"
#include "core/learn/train/adapted_model.h"
#include "core/learn/train/conversation_tokens.h"
#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

class ConversationLessons : public LessonStream {
 public:
  // References are kept. Of a preference stage the samples need a rejected answer.
  ConversationLessons(const AdaptedModel& model, const ModelVoice& voice, std::unique_ptr<SampleSource> source,
                      const StageConfig& stage, std::uint64_t seed);

  void begin(std::int64_t first, std::int64_t stride) override;
  // Throws Error{InvalidInput} naming the sample, and what the source throws.
  void load(std::int64_t number) override;
  AnswerBatch answer() override;
  std::int64_t epochLength() const override;

 private:
  // What is made of a sample besides the model's work.
  struct Read {
    std::string where;
    std::vector<vision::ProcessedImage> images;
    ConversationTokens chosen;
    std::optional<ConversationTokens> rejected;
  };
  struct Sequence {
    const ConversationTokens* tokens;
    const std::vector<torch::Tensor>* images;  // rows of each
    const Read* sample;
    bool counts;  // a rejected answer does not
  };

  std::vector<Read> read(std::int64_t number);
  std::optional<Read> readOne(std::int64_t number);
  std::vector<torch::Tensor> look(const Read& sample) const;
  void place(const std::vector<Sequence>& sequences);
  void placeTokens(const Sequence& sequence, std::int64_t row, std::int64_t begin);
  void learn(const Sequence& sequence, std::int64_t first, std::int64_t answer);
  void checkRows(const PackingPlan& plan, std::size_t sequences) const;

  const AdaptedModel& model_;
  const ModelVoice& voice_;
  std::unique_ptr<SampleSource> source_;
  const StageConfig& stage_;
  std::uint64_t seed_;
  bool pairs_;

  // The micro-batch that was loaded.
  std::int64_t number_ = 0;
  AnswerBatch batch_;  // all that does not depend on weights
  torch::Tensor embeddings_, positions_;
  std::vector<torch::Tensor> added_;
  std::optional<torch::Tensor> mask_;
  std::vector<std::int64_t> places_, labels_, answers_;  // of the learnt tokens; flat places of the tokens before them
  torch::Tensor placesTensor_;

  std::int64_t next_ = -1, stride_ = 1;
  std::optional<Prefetch<std::vector<Read>>> prefetch_;  // last: its thread uses the rest
};

}  // namespace orthoscribe::learn
