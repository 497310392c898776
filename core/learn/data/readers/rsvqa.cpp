// SPDX-License-Identifier: GPL-2.0-or-later
// RSVQA: three files, X_questions.json, X_answers.json and X_images.json; pictures are ID.tif (reference/rsmoe_and_metrics.md
// 6.7).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/json_fields.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/json_elements.h"
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/source_name.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kQuestions = "questions";

// The file of the same part that holds something else; empty when the name holds no "questions".
fs::path sibling(const fs::path& questions, const std::string& what) {
  std::string name = questions.filename().string();
  const std::size_t at = name.rfind(kQuestions);
  if (at == std::string::npos) return {};
  name.replace(at, kQuestions.size(), what);
  return questions.parent_path() / name;
}

bool isQuestions(const fs::path& file) {
  return file.extension() == ".json" && file.filename().string().find(kQuestions) != std::string::npos &&
         fs::exists(sibling(file, "answers"));
}

std::vector<fs::path> questionFiles(const SourceOptions& options) {
  if (!fs::is_directory(options.source)) return {options.source};
  std::vector<fs::path> files;
  for (const fs::path& file : filesBelow(options.source, {".json"})) {
    const bool chosen = options.part.empty() || file.filename().string().find(options.part) != std::string::npos;
    if (chosen && isQuestions(file)) files.push_back(file);
  }
  if (files.empty())
    throw Error(ErrorCode::NotFound, options.source.string() + ": there is no file ..._questions.json with its ..._answers.json");
  return files;
}

class RsvqaReader final : public RecordReader {
 public:
  RsvqaReader(const SourceOptions& options, SkipReport& report)
      : root_(options.imageRoot), files_(questionFiles(options)), intake_({}, report) {
    if (root_.empty()) root_ = rootBeside(files_.front().parent_path());
  }

  std::optional<Record> next() override {
    while (true) {
      if (!questions_ && !open()) return std::nullopt;
      while (const std::optional<JsonElement> element = questions_->next()) {
        Record record;
        record.where = questions_->where(*element);
        bool active = true;
        if (!intake_.attempt(record.where, [&] { active = read(parseJson(element->text), record); })) continue;
        if (!active || !intake_.picture(record)) continue;
        record.source = sourceName(record.image, root_);
        intake_.good();
        return record;
      }
      questions_.reset();
    }
  }

 private:
  static fs::path rootBeside(const fs::path& folder) {
    return firstFolder(folder.empty() ? "." : folder, {"images", "Images_LR", "Images_HR", "Data", "Images"}).value_or(folder);
  }

  bool open() {
    if (file_ == files_.size()) return false;
    const fs::path& file = files_[file_++];
    answers_.clear();
    inactive_.clear();
    const fs::path images = sibling(file, "images");
    if (fs::exists(images)) {
      forEach(images, "images", [&](const json& image) {
        if (!flagAt(image, "active", true)) inactive_.insert(requiredText(image, "id"));
      });
    }
    const fs::path answers = sibling(file, "answers");
    if (answers.empty()) {
      throw Error(ErrorCode::InvalidInput, file.string() + ": no file of questions by its name",
                  "Name the file ..._questions.json; ..._answers.json lies beside it.");
    }
    forEach(answers, "answers", [&](const json& answer) {
      if (!flagAt(answer, "active", true)) return;
      answers_[requiredText(answer, "id")] = requiredText(answer, "answer");
      // By the question too: some questions do not list their answers. The second spelling is the sets' own.
      for (const char* key : {"question_id", "quesiton_id"}) {
        const std::string question = textAt(answer, key);
        if (!question.empty()) answers_.emplace(ofQuestion(question), textAt(answer, "answer"));
      }
    });
    questions_.emplace(file, std::string(kQuestions));
    return true;
  }

  static std::string ofQuestion(const std::string& id) { return "question " + id; }

  template <typename Read>
  void forEach(const fs::path& file, const char* list, Read&& read) {
    JsonElements elements(file, list);
    while (const std::optional<JsonElement> element = elements.next())
      intake_.attempt(elements.where(*element), [&] { read(parseJson(element->text)); });
  }

  // False for a question that takes no part.
  bool read(const json& question, Record& record) const {
    if (!flagAt(question, "active", true)) return false;
    const std::string picture = requiredText(question, "img_id");
    if (inactive_.contains(picture)) return false;
    record.image = pictureNamed(picture);
    record.id = requiredText(question, "id");
    record.questions.push_back({requiredText(question, "question"), answerOf(question, record.id), textAt(question, "type")});
    return true;
  }

  fs::path pictureNamed(const std::string& id) const {
    for (const char* ending : {".tif", ".png", ".jpg"}) {
      if (fs::exists(root_ / (id + ending))) return root_ / (id + ending);
    }
    return root_ / (id + ".tif");
  }

  std::string answerOf(const json& question, const std::string& id) const {
    const json* listed = member(question, "answers_ids");
    auto found =
        listed != nullptr && listed->is_array() && !listed->empty() ? answers_.find((*listed)[0].dump()) : answers_.end();
    if (found == answers_.end()) found = answers_.find(ofQuestion(id));
    if (found == answers_.end()) throw Error(ErrorCode::InvalidInput, "the question has no answer in the file of answers");
    return found->second;
  }

  fs::path root_;
  std::vector<fs::path> files_;
  Intake intake_;
  std::size_t file_ = 0;
  std::optional<JsonElements> questions_;
  std::unordered_map<std::string, std::string> answers_;
  std::unordered_set<std::string> inactive_;
};

bool looksLike(const fs::path& source) {
  if (!fs::is_directory(source)) return isQuestions(source);
  for (const auto& entry : fs::directory_iterator(source)) {
    if (isQuestions(entry.path())) return true;
  }
  return false;
}

}  // namespace

Format rsvqaFormat() {
  return {"rsvqa", "RSVQA's files of questions, answers and images: the questions, or the folder", looksLike,
          openWith<RsvqaReader>};
}

}  // namespace orthoscribe::learn
