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
#include "core/learn/train/picture_rows.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

// Every answer of a conversation is learnt where it stands. But where a picture is looked at by what is asked (InstructBLIP's
// Q-Former), or a router goes by the instruction, one sequence has one question: there each answer has a sequence of its own.
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
  // What is made of a sample, or of one of its answers, besides the model's work.
  struct Read {
    std::string where;
    std::vector<vision::ProcessedImage> images;
    torch::Tensor question;  // that pictures are looked at with, where the model does so
    ConversationTokens chosen;
    std::optional<ConversationTokens> rejected;
  };
  struct Sequence {
    const ConversationTokens* tokens;
    std::size_t sample;      // number in samples_
    bool counts;             // a rejected answer does not
    std::int64_t row = 0;    // where it stands
    std::int64_t begin = 0;  // its first token in the row
  };
  struct Seen {
    DecoderInput input;
    torch::Tensor instruction;  // as Decoder::forward has it; undefined where no router goes by it
  };

  std::vector<Read> read(std::int64_t number);
  std::vector<Read> readSample(std::int64_t number);
  Read readAnswer(const LoadedSample& sample, const Conversation& conversation, LearntTurns learnt);
  torch::Tensor look(const Read& sample, const vision::ProcessedImage& image) const;
  Seen see() const;
  torch::Tensor instructions(const torch::Tensor& words) const;
  std::vector<Sequence> sequences() const;
  void place();
  void placeTokens(const Sequence& sequence, std::int64_t answer);
  void checkRows(const PackingPlan& plan) const;

  const AdaptedModel& model_;
  const ModelVoice& voice_;
  std::unique_ptr<SampleSource> source_;
  const StageConfig& stage_;
  std::uint64_t seed_;
  bool pairs_;
  bool answersApart_;

  // The micro-batch that was loaded.
  std::int64_t number_ = 0;
  std::vector<Read> samples_;
  std::vector<Sequence> sequences_;
  AnswerBatch batch_;              // all that does not depend on weights
  torch::Tensor ids_, positions_;  // [rows, length]
  std::optional<Seen> seen_;       // where nothing before the decoder learns
  std::optional<torch::Tensor> mask_;
  std::vector<std::int64_t> places_, labels_, answers_;  // of the learnt tokens; flat places of the tokens before them
  torch::Tensor placesTensor_;

  std::int64_t next_ = -1, stride_ = 1;
  std::optional<Prefetch<std::vector<Read>>> prefetch_;  // last: its thread uses the rest
};

}  // namespace orthoscribe::learn
