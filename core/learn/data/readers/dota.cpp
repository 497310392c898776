// SPDX-License-Identifier: GPL-2.0-or-later
// DOTA: one text file a picture, in "labelTxt" or "labels" beside "images".
#include "core/learn/data/readers/dota.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/readers/file_by_file.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/label_fields.h"
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/readers/text_lines.h"
#include "core/learn/data/source_name.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kLabelFolders = {"labels", "labelTxt", "labelTxt-v1.0", "labelTxt-v1.5", "annfiles"};

fs::path labelsOf(const fs::path& source) {
  return fs::is_directory(source) ? firstFolder(source, kLabelFolders).value_or(source) : source;
}

// The folder that holds both labels and pictures.
fs::path setOf(const fs::path& labels, const fs::path& source) {
  if (fs::is_directory(source) && labels != source) return source;
  return fs::is_directory(source) ? (source / "").parent_path().parent_path() : source.parent_path().parent_path();
}

fs::path picturesOf(const SourceOptions& options, const fs::path& labels) {
  if (!options.imageRoot.empty()) return options.imageRoot;
  const fs::path set = setOf(labels, options.source);
  return firstFolder(set.empty() ? "." : set, {"images"}).value_or(fs::is_directory(labels) ? labels : labels.parent_path());
}

class DotaReader final : public FileByFileReader {
 public:
  DotaReader(const SourceOptions& options, SkipReport& report)
      : FileByFileReader(filesBelow(labelsOf(options.source), {".txt"})),
        labels_(labelsOf(options.source)),
        pictures_(picturesOf(options, labels_)),
        intake_(options.classes, report) {}

 private:
  bool read(const fs::path& file, Record& record) override {
    record.where = file.string();
    const fs::path below = fs::is_directory(labels_) ? file.parent_path().lexically_relative(labels_) : fs::path();
    const auto find = [&] { record.image = pictures_.ofStem(below, file.stem().string()); };
    if (!intake_.attempt(record.where, find) || !intake_.picture(record)) return false;
    record.source = sourceName(record.image, pictures_.root());
    TextLines lines(file);
    for (std::string line; lines.next(line);) {
      std::optional<LabelledShape> shape;
      if (intake_.attempt(lines.where(), [&] { shape = parseDotaLine(line); }) && shape)
        intake_.object(record, std::move(*shape), lines.where());
    }
    intake_.labelled(record);
    return true;
  }

  fs::path labels_;
  PictureFinder pictures_;
  Intake intake_;
};

bool looksLike(const fs::path& source) {
  if (fs::is_directory(source) && labelsOf(source) != source) return true;
  return firstLabelLine(source, [](const std::vector<std::string_view>& fields) {
    return fields.size() >= 9 && !isNumber(fields[8]) && isNumber(fields[0]);
  });
}

}  // namespace

std::optional<LabelledShape> parseDotaLine(std::string_view line) {
  if (line.starts_with("imagesource:") || line.starts_with("gsd:")) return std::nullopt;
  const std::vector<std::string_view> fields = fieldsOf(line);
  if (fields.size() != 9 && fields.size() != 10) {
    throw Error(ErrorCode::InvalidInput, "not an oriented box: eight numbers, a class and 0, 1 or 2 were expected, " +
                                             std::to_string(fields.size()) + " fields are there");
  }
  LabelledShape shape;
  for (std::size_t i = 0; i < shape.quad.size(); ++i)
    shape.quad[i] = {requiredNumber(fields[2 * i]), requiredNumber(fields[2 * i + 1])};
  shape.label = fields[8];
  if (fields.size() == 10) {
    const double difficult = requiredNumber(fields[9]);
    if (difficult != 0 && difficult != 1 && difficult != 2)
      throw Error(ErrorCode::InvalidInput, "the field behind the class is '" + std::string(fields[9]) + "', not 0, 1 or 2");
    shape.difficult = difficult != 0;
  }
  return shape;
}

Format dotaFormat() {
  return {"dota", "DOTA's text files of oriented boxes: a folder with labels/ or labelTxt/ and images/, the labels, or one file",
          looksLike, openWith<DotaReader>};
}

}  // namespace orthoscribe::learn
