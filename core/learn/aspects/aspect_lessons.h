// SPDX-License-Identifier: GPL-2.0-or-later
// Lessons for experts of aspects: every conversation is a row that goes through its own expert (rsmoe_and_metrics.md section
// 5.7).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/learn/aspects/aspect_model.h"
#include "core/learn/data/conversation.h"
#include "core/learn/train/lesson_stream.h"

namespace orthoscribe::learn {

enum class AspectStage {
  Dense,    // whole captions through the one LoRA that all begin as
  Experts,  // each aspect, the router and the fusion through their own
};

struct AspectLessonOptions {
  AspectStage stage = AspectStage::Experts;
  std::int64_t batch = 8;         // conversations a micro-batch
  std::int64_t maxTokens = 1024;  // of a row; the end of a longer answer is cut off
  std::uint64_t seed = 1;
  std::filesystem::path imageRoot = {};
};

// L = CE_theme + CE_objects + CE_relations + CE_fusion + 0.5 CE_router, each averaged over its own answer tokens of the
// micro-batch: an answer's tokens weigh (coefficient of its kind) / (tokens of its kind), so that the weighted mean over them is
// L divided by the sum of the coefficients that are there. Strings that experts generated take no part; fusion learns from the
// captions' own sentences.
class AspectLessons : public LessonStream {
 public:
  // Keeps the reference. conversations: those of the stage are used (task "caption" for Dense, "aspect" for Experts), the others
  // passed over. Throws Error{InvalidInput} when none is left, and for types that are not known.
  AspectLessons(AspectModel& model, std::vector<Conversation> conversations, AspectLessonOptions options);

  void begin([[maybe_unused]] std::int64_t first, [[maybe_unused]] std::int64_t stride) override {}
  // Throws Error{InvalidInput} naming the conversation for images that cannot be read and prompts that leave no room.
  void load(std::int64_t number) override;
  AnswerBatch answer() override;
  std::int64_t epochLength() const override;

  // Which conversations the micro-batch of that number holds: all of them once an epoch, in an order drawn from seed and epoch.
  std::vector<std::size_t> rowsOf(std::int64_t number) const;

 private:
  struct Row {
    torch::Tensor embeddings;          // [S, hidden]: prompt and answer without its last token
    std::vector<std::int64_t> labels;  // the answer
    std::int64_t answerBegin = 0;      // place that says its first token
    std::int64_t expert = 0;
    std::string name;
  };
  Row rowOf(const Conversation& conversation);
  torch::Tensor imageRows(const std::string& image, const std::string& rendered);
  void weigh(AnswerBatch& batch) const;

  AspectModel& model_;
  std::vector<Conversation> conversations_;
  AspectLessonOptions options_;
  std::int64_t endToken_;
  std::vector<Row> rows_;                        // of what was loaded, by rising expert
  std::map<std::string, torch::Tensor> images_;  // encoded already; the tower is frozen
};

// Reads all of them. Throws as ConversationReader.
std::vector<Conversation> readConversations(const std::filesystem::path& file);

}  // namespace orthoscribe::learn
