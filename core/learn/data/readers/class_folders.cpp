// SPDX-License-Identifier: GPL-2.0-or-later
// Scenes: a folder a class, its pictures in it; perhaps below a folder a part (train/, test/).
#include <algorithm>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/picture_file.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/source_name.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> foldersOf(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

class ClassFoldersReader final : public RecordReader {
 public:
  ClassFoldersReader(const SourceOptions& options, SkipReport& report)
      : root_(rootOf(options)), names_(foldersOf(root_)), intake_(options.classes, report) {
    for (const std::string& name : names_) {
      for (const fs::path& picture : picturesBelow(root_ / name)) pictures_.push_back({picture, name});
    }
  }

  std::optional<Record> next() override {
    while (at_ < pictures_.size()) {
      const auto& [picture, folder] = pictures_[at_++];
      Record record;
      record.image = picture;
      record.where = picture.string();
      const std::optional<std::string> name = intake_.className(folder, record.where);
      if (!name || !intake_.picture(record)) continue;
      record.sceneClass = *name;
      record.source = sourceName(picture, root_);
      intake_.good();
      return record;
    }
    return std::nullopt;
  }
  std::vector<std::string> classes() const override { return names_; }
  std::int64_t size() const override { return std::int64_t(pictures_.size()); }

 private:
  struct Labelled {
    fs::path picture;
    std::string folder;
  };

  static fs::path rootOf(const SourceOptions& options) {
    if (!fs::is_directory(options.source))
      throw Error(ErrorCode::InvalidInput, options.source.string() + " is a file; a folder with a folder a class was expected");
    if (options.part.empty()) return options.source;
    if (!fs::is_directory(options.source / options.part))
      throw Error(ErrorCode::NotFound, (options.source / options.part).string() + " does not exist");
    return options.source / options.part;
  }

  fs::path root_;
  std::vector<std::string> names_;
  Intake intake_;
  std::vector<Labelled> pictures_;
  std::size_t at_ = 0;
};

// Two folders with pictures right in them, at least.
bool looksLike(const fs::path& source) {
  if (!fs::is_directory(source)) return false;
  int classes = 0;
  for (const std::string& name : foldersOf(source)) {
    for (const auto& entry : fs::directory_iterator(source / name)) {
      if (!entry.is_regular_file() || !looksLikePicture(entry.path())) continue;
      ++classes;
      break;
    }
  }
  return classes >= 2;
}

}  // namespace

Format classFoldersFormat() {
  return {"class-folders", "Scenes: a folder a class, with its pictures", looksLike, openWith<ClassFoldersReader>};
}

}  // namespace orthoscribe::learn
