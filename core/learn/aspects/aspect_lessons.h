// SPDX-License-Identifier: GPL-2.0-or-later
// Lessons for experts of aspects: every conversation is a row that goes through its own expert (rsmoe_and_metrics.md section
// 5.7).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/learn/aspects/aspect_model.h"
#include "core/learn/data/conversation.h"
#include "core/learn/train/lesson_stream.h"
#include "core/learn/train/picture_rows.h"

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
// captions' own sentences. A relevance head learns from the same pictures, as the wish looks at them: which share of a picture's
// captions speaks of each aspect (section 5.7; the lessons of the aspects tell).
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
  struct Encoded {
    torch::Tensor rows;
    std::int64_t gridRows = 0, gridColumns = 0;
  };
  struct Picture {
    engine::ImageSpan span;
    std::string key;                               // equal for a picture that is looked at with the same question
    Encoded encoded;                               // without rows: it is yet to be looked at
    std::optional<vision::ProcessedImage> pixels;  // then
    torch::Tensor question;

    std::int64_t tokens() const { return pixels ? pixels->tokens : encoded.rows.size(0); }
  };
  struct Row {
    std::vector<std::int64_t> ids;  // prompt and answer without its last token
    std::vector<Picture> pictures;
    std::vector<std::int64_t> labels;  // the answer
    std::int64_t answerBegin = 0;      // place that says its first token
    std::int64_t expert = 0;
    std::string name;
    torch::Tensor concerns;  // float32 [aspects]; undefined where the picture is not looked at with the wish, or there is no head
  };
  struct Seen {
    DecoderInput input;
    std::vector<torch::Tensor> judged;  // rows of the pictures that the relevance head learns from
  };
  // How often a picture's captions speak of each aspect.
  struct Spoken {
    std::array<double, kAspects> times = {};
    double captions = 0;
  };
  Row rowOf(const Conversation& conversation);
  std::vector<Picture> picturesOf(const Conversation& conversation, const std::string& rendered);
  Picture pictureOf(const std::string& image, int sharing, const std::string& rendered);
  torch::Tensor concernsOf(const Conversation& conversation, std::int64_t expert) const;
  torch::Tensor look(const Picture& picture);
  void place();
  Seen see();
  void weigh(AnswerBatch& batch) const;
  void judge(const Seen& seen, AnswerBatch& batch) const;

  AspectModel& model_;
  std::vector<Conversation> conversations_;
  AspectLessonOptions options_;
  std::int64_t endToken_;
  std::map<std::vector<std::string>, Spoken> spoken_;  // by the pictures of a conversation
  std::vector<Row> rows_;                              // of what was loaded, by rising expert
  torch::Tensor ids_, positions_;
  std::optional<Seen> seen_;               // where the base does not learn
  std::map<std::string, Encoded> images_;  // looked at already, while the base is frozen
};

// Reads all of them. Throws as ConversationReader.
std::vector<Conversation> readConversations(const std::filesystem::path& file);

}  // namespace orthoscribe::learn
