// SPDX-License-Identifier: GPL-2.0-or-later
// refGeo: one phrase a line, with the box, and the polygon where there is one, that it means; pixels of the picture
// (reference/rscovlm.md 2.4). The pictures lie in images/DATASET.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/json_fields.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/readers/text_lines.h"
#include "core/learn/data/source_name.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

geo::Quad quadOf(const json& line) {
  if (const json* polygon = member(line, "poly"); polygon != nullptr && !polygon->empty()) {
    const std::vector<double> n = flatNumbers(*polygon, "poly");
    if (n.size() != 8) throw Error(ErrorCode::InvalidInput, "\"poly\" is not four corners");
    return {geo::Point{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}, {n[6], n[7]}};
  }
  const json* box = member(line, "bbox");
  if (box == nullptr) throw Error(ErrorCode::InvalidInput, "there is neither \"bbox\" nor \"poly\"");
  const std::vector<double> n = flatNumbers(*box, "bbox");
  if (n.size() != 4) throw Error(ErrorCode::InvalidInput, "\"bbox\" is not four numbers");
  return {geo::Point{n[0], n[1]}, {n[2], n[1]}, {n[2], n[3]}, {n[0], n[3]}};
}

class RefgeoReader final : public RecordReader {
 public:
  RefgeoReader(const SourceOptions& options, SkipReport& report)
      : root_(rootOf(options)), lines_(options.source), intake_({}, report) {}

  std::optional<Record> next() override {
    for (std::string line; lines_.next(line);) {
      Record record;
      record.where = lines_.where();
      RecordPhrase phrase;
      if (!intake_.attempt(record.where, [&] { read(parseJson(line), record, phrase); })) continue;
      if (!intake_.picture(record)) continue;
      record.source = sourceName(record.image, root_);
      intake_.phrase(record, std::move(phrase), record.where);
      if (!record.phrases.empty()) return record;
    }
    return std::nullopt;
  }

 private:
  // images/ beside the file, or beside its folder.
  static fs::path rootOf(const SourceOptions& options) {
    if (!options.imageRoot.empty()) return options.imageRoot;
    const fs::path folder = fs::absolute(options.source).parent_path();
    if (const auto beside = firstFolder(folder, {"images"})) return *beside;
    return firstFolder(folder.parent_path(), {"images"}).value_or(folder);
  }

  void read(const json& line, Record& record, RecordPhrase& phrase) const {
    const std::string set = textAt(line, "dataset");
    const std::string name = requiredText(line, "image_id");
    record.image = root_ / set / name;
    if (!fs::exists(record.image) && fs::exists(root_ / name)) record.image = root_ / name;
    record.image = record.image.lexically_normal();
    record.id = textAt(line, "question_id");
    phrase = {requiredText(line, "question"), quadOf(line)};
  }

  fs::path root_;
  TextLines lines_;
  Intake intake_;
};

bool looksLike(const fs::path& source) {
  if (source.extension() != ".jsonl") return false;
  TextLines lines(source);
  std::string line;
  if (!lines.next(line)) return false;
  const json first = json::parse(line, nullptr, false);
  return first.is_object() && first.contains("image_id") && first.contains("question") &&
         (first.contains("bbox") || first.contains("poly"));
}

}  // namespace

Format refgeoFormat() {
  return {"refgeo", "refGeo's JSON Lines: a phrase and the box or polygon that it means", looksLike, openWith<RefgeoReader>};
}

}  // namespace orthoscribe::learn
