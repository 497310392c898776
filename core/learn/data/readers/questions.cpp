// SPDX-License-Identifier: GPL-2.0-or-later
// Questions and answers a line: {"question", "answer", "type", "image", "choices", "id", "split"}. Without a picture they are
// closed-book knowledge. Choices are written below the question, a letter each.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/json_fields.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/json_elements.h"
#include "core/learn/data/source_name.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string questionOf(const json& entry) {
  std::string question = requiredText(entry, "question");
  char letter = 'A';
  const std::vector<std::string> choices = textsAt(entry, "choices");
  if (choices.size() > 26) throw Error(ErrorCode::InvalidInput, "there are more \"choices\" than letters");
  for (const std::string& choice : choices) {
    question += "\n";
    question += letter++;
    question += ". " + choice;
  }
  return question;
}

class QuestionsReader final : public RecordReader {
 public:
  QuestionsReader(const SourceOptions& options, SkipReport& report)
      : part_(options.part),
        root_(options.imageRoot.empty() ? options.source.parent_path() : options.imageRoot),
        elements_(options.source),
        intake_({}, report) {}

  std::optional<Record> next() override {
    while (const std::optional<JsonElement> element = elements_.next()) {
      Record record;
      record.where = elements_.where(*element);
      bool wanted = true;
      if (!intake_.attempt(record.where, [&] { wanted = read(parseJson(element->text), record); })) continue;
      if (!wanted || !intake_.picture(record)) continue;
      intake_.good();
      return record;
    }
    return std::nullopt;
  }

 private:
  // False for a question of another part.
  bool read(const json& entry, Record& record) const {
    if (!part_.empty() && textAt(entry, "split") != part_) return false;
    record.questions.push_back({questionOf(entry), requiredText(entry, "answer"), textAt(entry, "type")});
    record.id = textAt(entry, "id");
    record.source = textAt(entry, "source");
    const std::string image = textAt(entry, "image");
    if (image.empty()) return true;
    record.image = (root_ / image).lexically_normal();
    record.source = sourceName(record.image, root_);
    return true;
  }

  std::string part_;
  fs::path root_;
  JsonElements elements_;
  Intake intake_;
};

bool looksLike(const fs::path& source) {
  if (source.extension() != ".json" && source.extension() != ".jsonl") return false;
  const JsonOutline outline = outlineOf(source);
  const auto has = [&](const char* key) { return std::ranges::find(outline.keys, key) != outline.keys.end(); };
  return outline.top != JsonTop::Object && has("question") && has("answer");
}

}  // namespace

Format questionsFormat() {
  return {"questions", "Questions and answers, with or without a picture, a JSON list or JSON Lines", looksLike,
          openWith<QuestionsReader>};
}

}  // namespace orthoscribe::learn
