// SPDX-License-Identifier: GPL-2.0-or-later
// Captions in JSON, in the forms they are published in:
//   {"images": [{"filename", "split", "sentences": [{"raw"}]}]}      UCM-Captions, RSICD, Sydney
//   {"images": [{"image", "captions": [...]}]}
//   {"annotations": [{"filename", "text_output"}]}                   RSICap
//   {"annotations": [{"filename", "caption", "qa_pairs": [{"question", "answer", "type"}]}]}     RSIEval
//   {"image", "caption", "detail"} a line, or in a list
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
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/source_name.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void add(std::vector<std::string>& captions, const std::string& caption) {
  const std::string_view text = tasks::trimmed(caption);
  if (!text.empty()) captions.emplace_back(text);
}

std::vector<std::string> captionsOf(const json& entry) {
  std::vector<std::string> captions;
  if (const json* sentences = member(entry, "sentences")) {
    for (const json& sentence : *sentences) add(captions, textAt(sentence, "raw"));
  }
  for (const char* key : {"captions", "text_output"}) {
    for (const std::string& caption : textsAt(entry, key)) add(captions, caption);
  }
  std::string caption = textAt(entry, "caption");
  const std::string detail = textAt(entry, "detail");
  if (!detail.empty()) caption += (caption.empty() ? "" : " ") + detail;
  add(captions, caption);
  if (captions.empty()) throw Error(ErrorCode::InvalidInput, "there is no caption");
  return captions;
}

std::vector<RecordQuestion> questionsOf(const json& entry) {
  std::vector<RecordQuestion> questions;
  if (const json* pairs = member(entry, "qa_pairs")) {
    for (const json& pair : *pairs)
      questions.push_back({requiredText(pair, "question"), requiredText(pair, "answer"), textAt(pair, "type")});
  }
  return questions;
}

std::string pictureName(const json& entry) {
  for (const char* key : {"filename", "file_name", "image"}) {
    std::string name = textAt(entry, key);
    if (!name.empty()) return name;
  }
  throw Error(ErrorCode::InvalidInput, "none of \"filename\", \"file_name\" and \"image\" is there");
}

// The list that holds the entries; empty: the file's own.
std::string listOf(const fs::path& file) {
  const JsonOutline outline = outlineOf(file);
  if (outline.top != JsonTop::Object) return {};
  for (const char* key : {"images", "annotations"}) {
    if (std::ranges::find(outline.keys, key) != outline.keys.end()) return key;
  }
  throw Error(ErrorCode::InvalidInput, file.string() + ": there is neither \"images\" nor \"annotations\"");
}

class CaptionsReader final : public RecordReader {
 public:
  CaptionsReader(const SourceOptions& options, SkipReport& report)
      : part_(options.part), files_(filesBelow(options.source, {".json", ".jsonl"})), intake_({}, report) {
    const fs::path folder = fs::is_directory(options.source) ? options.source : options.source.parent_path();
    root_ = !options.imageRoot.empty() ? options.imageRoot
                                       : firstFolder(folder.empty() ? "." : folder, {"images", "imgs"}).value_or(folder);
  }

  std::optional<Record> next() override {
    while (entries_ || open()) {
      while (const std::optional<JsonElement> element = entries_->next()) {
        Record record;
        record.where = entries_->where(*element);
        bool wanted = true;
        if (!intake_.attempt(record.where, [&] { wanted = read(parseJson(element->text), record); })) continue;
        if (!wanted || !intake_.picture(record)) continue;
        record.source = sourceName(record.image, root_);
        intake_.good();
        return record;
      }
      entries_.reset();
    }
    return std::nullopt;
  }

 private:
  bool open() {
    if (file_ == files_.size()) return false;
    const fs::path& file = files_[file_++];
    entries_.emplace(file, listOf(file));
    return true;
  }

  // False for an entry of another part.
  bool read(const json& entry, Record& record) const {
    const std::string part = textAt(entry, "split");
    if (!part_.empty() && !part.empty() && part != part_) return false;
    record.image = (root_ / pictureName(entry)).lexically_normal();
    record.captions = captionsOf(entry);
    record.questions = questionsOf(entry);
    return true;
  }

  std::string part_;
  std::vector<fs::path> files_;
  fs::path root_;
  Intake intake_;
  std::size_t file_ = 0;
  std::optional<JsonElements> entries_;
};

bool holds(const json& entry) {
  for (const char* key : {"sentences", "captions", "caption", "text_output"}) {
    if (member(entry, key) != nullptr) return true;
  }
  return false;
}

bool looksLike(const fs::path& source) {
  if (fs::is_directory(source)) {
    for (const auto& entry : fs::directory_iterator(source)) {
      if (entry.path().extension() == ".jsonl") return looksLike(entry.path());
    }
    return false;
  }
  if (source.extension() != ".json" && source.extension() != ".jsonl") return false;
  const JsonOutline outline = outlineOf(source);
  std::string list;
  if (outline.top == JsonTop::Object) {
    for (const char* key : {"annotations", "images"}) {
      if (std::ranges::find(outline.keys, key) != outline.keys.end()) list = key;
    }
    if (list.empty()) return false;
  }
  const std::optional<JsonElement> first = JsonElements(source, list).next();
  return first && holds(json::parse(first->text, nullptr, false));
}

}  // namespace

Format captionsFormat() {
  return {"captions", "Captions in JSON: UCM-Captions, RSICD, RSICap, RSIEval, or {\"image\", \"caption\"} a line", looksLike,
          openWith<CaptionsReader>};
}

}  // namespace orthoscribe::learn
