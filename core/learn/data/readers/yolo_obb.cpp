// SPDX-License-Identifier: GPL-2.0-or-later
// YOLO-OBB: one text file a picture, "class x1 y1 x2 y2 x3 y3 x4 y4" in parts of its width and height; also YOLO's upright
// "class x y width height". The classes stand in data.yaml or classes.txt. labels/ mirrors images/; a picture without a label
// file has no objects.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/picture_file.h"
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

std::vector<std::string> namesFromYaml(const fs::path& file) {
  try {
    const YAML::Node names = YAML::LoadFile(file.string())["names"];
    std::vector<std::string> classes;
    if (names.IsSequence()) {
      for (const YAML::Node& name : names) classes.push_back(name.as<std::string>());
    } else if (names.IsMap()) {
      std::map<std::size_t, std::string> numbered;
      for (const auto& name : names) numbered[name.first.as<std::size_t>()] = name.second.as<std::string>();
      for (const auto& [number, name] : numbered) {
        if (number != classes.size()) throw Error(ErrorCode::InvalidInput, file.string() + ": \"names\" leaves numbers out");
        classes.push_back(name);
      }
    }
    if (classes.empty()) throw Error(ErrorCode::InvalidInput, file.string() + ": \"names\" is missing or empty");
    return classes;
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::InvalidInput, file.string() + ", line " + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

std::vector<std::string> namesFromText(const fs::path& file) {
  std::vector<std::string> classes;
  TextLines lines(file);
  for (std::string line; lines.next(line);) classes.push_back(line);
  return classes;
}

// In the folder or one of the two above it.
std::optional<fs::path> classFile(const fs::path& source) {
  fs::path folder = fs::absolute(source).lexically_normal();
  if (!fs::is_directory(folder)) folder = folder.parent_path();
  for (int above = 0; above < 3; ++above, folder = folder.parent_path()) {
    for (const char* name : {"data.yaml", "dataset.yaml", "data.yml", "classes.txt", "labels/classes.txt"}) {
      if (fs::exists(folder / name)) return folder / name;
    }
  }
  return std::nullopt;
}

std::vector<std::string> classNames(const fs::path& source) {
  const std::optional<fs::path> file = classFile(source);
  if (!file) {
    throw Error(ErrorCode::NotFound,
                source.string() + ": neither data.yaml nor classes.txt is there, so the classes have no names",
                "Write one name a line into classes.txt, in the order of the numbers.");
  }
  return file->extension() == ".txt" ? namesFromText(*file) : namesFromYaml(*file);
}

// The folder "images" of a path becomes "labels", the last one there is; without one, labels lie beside the pictures.
fs::path labelFile(const fs::path& picture) {
  std::vector<fs::path> parts(picture.begin(), picture.end());
  const auto found = std::find(parts.rbegin(), parts.rend(), fs::path("images"));
  if (found != parts.rend()) *found = "labels";
  fs::path label;
  for (const fs::path& part : parts) label /= part;
  return label.replace_extension(".txt");
}

class YoloReader final : public FileByFileReader {
 public:
  YoloReader(const SourceOptions& options, SkipReport& report)
      : FileByFileReader(chosen(options)),
        root_(rootOf(options)),
        names_(classNames(options.source)),
        intake_(options.classes, report) {
    if (!options.imageRoot.empty()) labels_ = firstFolder(options.source, {"labels"}).value_or(options.source);
    const bool labelled = std::ranges::any_of(files(), [&](const fs::path& picture) { return fs::exists(labelsOf(picture)); });
    // A part may truly be without objects.
    if (labelled || files().empty() || !options.part.empty()) return;
    throw Error(ErrorCode::NotFound, options.source.string() + ": none of the " + std::to_string(files().size()) +
                                         " pictures has a file of labels; the first should be " +
                                         labelsOf(files().front()).string());
  }

  std::vector<std::string> classes() const override { return names_; }

 private:
  static const fs::path& rootOf(const SourceOptions& options) {
    return options.imageRoot.empty() ? options.source : options.imageRoot;
  }

  static std::vector<fs::path> chosen(const SourceOptions& options) {
    std::vector<fs::path> pictures = picturesBelow(rootOf(options));
    if (options.part.empty()) return pictures;
    std::erase_if(pictures, [&](const fs::path& picture) {
      const fs::path below = picture.lexically_relative(rootOf(options));
      return std::find(below.begin(), below.end(), fs::path(options.part)) == below.end();
    });
    return pictures;
  }

  bool read(const fs::path& picture, Record& record) override {
    record.image = picture;
    record.where = picture.string();
    if (!intake_.picture(record)) return false;
    record.source = sourceName(picture, root_);
    readLabels(record);
    intake_.labelled(record);
    return true;
  }

  // Where pictures lie apart, labels lie below the source as the pictures lie below their root.
  fs::path labelsOf(const fs::path& picture) const {
    if (labels_.empty()) return labelFile(picture);
    return (labels_ / picture.lexically_relative(root_)).replace_extension(".txt");
  }

  void readLabels(Record& record) {
    const fs::path file = labelsOf(record.image);
    if (!fs::exists(file)) return;
    TextLines lines(file);
    for (std::string line; lines.next(line);) {
      LabelledShape shape;
      if (intake_.attempt(lines.where(), [&] { shape = shapeOf(line, record); }))
        intake_.object(record, std::move(shape), lines.where());
    }
  }

  LabelledShape shapeOf(const std::string& line, const Record& record) const {
    const std::vector<std::string_view> fields = fieldsOf(line);
    if (fields.size() != 9 && fields.size() != 5) {
      throw Error(ErrorCode::InvalidInput,
                  "a class and eight (or four) numbers were expected, " + std::to_string(fields.size()) + " fields are there");
    }
    std::vector<double> numbers;
    for (std::size_t i = 1; i < fields.size(); ++i)
      numbers.push_back(requiredNumber(fields[i]) * (i % 2 == 1 ? record.widthPx : record.heightPx));
    return {nameOf(fields[0]), numbers.size() == 8 ? turned(numbers) : upright(numbers), false};
  }

  std::string nameOf(std::string_view field) const {
    const double number = requiredNumber(field);
    if (number < 0 || number != std::floor(number) || number >= double(names_.size())) {
      throw Error(ErrorCode::InvalidInput,
                  "class " + std::string(field) + " is none of the " + std::to_string(names_.size()) + " that have a name");
    }
    return names_[static_cast<std::size_t>(number)];
  }

  static geo::Quad turned(const std::vector<double>& n) {
    return {geo::Point{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}, {n[6], n[7]}};
  }
  static geo::Quad upright(const std::vector<double>& n) {
    const double left = n[0] - n[2] / 2;
    const double top = n[1] - n[3] / 2;
    return {geo::Point{left, top}, {left + n[2], top}, {left + n[2], top + n[3]}, {left, top + n[3]}};
  }

  fs::path root_;
  fs::path labels_;  // empty: beside the pictures
  std::vector<std::string> names_;
  Intake intake_;
};

bool looksLike(const fs::path& source) {
  if (!fs::is_directory(source) || !classFile(source)) return false;
  return firstLabelLine(source, [](const std::vector<std::string_view>& fields) {
    return (fields.size() == 9 || fields.size() == 5) && std::ranges::all_of(fields, isNumber);
  });
}

}  // namespace

Format yoloObbFormat() {
  return {"yolo-obb",
          "YOLO's text files of oriented (or upright) boxes: the folder with data.yaml or classes.txt, images/ and labels/",
          looksLike, openWith<YoloReader>};
}

}  // namespace orthoscribe::learn
