// SPDX-License-Identifier: GPL-2.0-or-later
// Ready conversations: our own files, and LLaVA's, VHM's and TEOChatlas's lists of {"image", "conversations"}
// (reference/rscovlm.md 2.4).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/conversation.h"
#include "core/learn/data/json_fields.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/json_elements.h"
#include "core/learn/data/readers/video_frames.h"
#include "core/learn/data/source_name.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

class ConversationsReader final : public RecordReader {
 public:
  ConversationsReader(const SourceOptions& options, SkipReport& report)
      : root_(options.imageRoot.empty() ? options.source.parent_path() : options.imageRoot),
        elements_(options.source),
        intake_(options.classes, report) {}

  std::optional<Record> next() override {
    while (const std::optional<JsonElement> element = elements_.next()) {
      const std::string where = elements_.where(*element);
      std::optional<Conversation> conversation;
      if (!intake_.attempt(where, [&] {
            nlohmann::json sample = parseJson(element->text);
            takeFramesAsPictures(sample);
            conversation = conversationOf(sample);
          }))
        continue;
      Record record;
      record.where = where;
      if (!fill(record, std::move(*conversation))) continue;
      intake_.good();
      return record;
    }
    return std::nullopt;
  }

 private:
  bool fill(Record& record, Conversation conversation) {
    for (const std::string& image : conversation.images) {
      const fs::path path = (root_ / image).lexically_normal();
      if (record.image.empty()) {
        record.image = path;
        if (!intake_.picture(record)) return false;
      } else {
        Record other;
        other.image = path;
        other.where = record.where;
        if (!intake_.picture(other)) return false;
        record.further.push_back(path);
      }
    }
    record.source = !conversation.source.empty() || record.image.empty() ? conversation.source : sourceName(record.image, root_);
    record.id = std::move(conversation.id);
    record.task = std::move(conversation.task);
    record.type = std::move(conversation.type);
    record.turns = std::move(conversation.turns);
    record.rejected = std::move(conversation.rejected);
    record.captions = std::move(conversation.references);
    for (LabelledShape& shape : conversation.objects) intake_.object(record, std::move(shape), record.where);
    return true;
  }

  fs::path root_;
  JsonElements elements_;
  Intake intake_;
};

bool looksLike(const fs::path& source) {
  if (source.extension() != ".json" && source.extension() != ".jsonl") return false;
  const JsonOutline outline = outlineOf(source);
  return outline.top != JsonTop::Object && std::ranges::find(outline.keys, "conversations") != outline.keys.end();
}

}  // namespace

Format conversationsFormat() {
  return {"conversations", "Ready conversations in LLaVA's manner, a JSON list or JSON Lines", looksLike,
          openWith<ConversationsReader>};
}

}  // namespace orthoscribe::learn
