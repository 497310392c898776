// SPDX-License-Identifier: GPL-2.0-or-later
// Pascal VOC: one XML file a picture, in Annotations/ beside JPEGImages/ or images/. Turned boxes in <robndbox>: centre, sides
// and angle in radians, clockwise on the screen, as roLabelImg writes them, or four named corners, as DIOR-R has them.
// Coordinates are taken as they stand.
#include <cpl_minixml.h>

#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/gdal_support.h"
#include "core/learn/data/readers/file_by_file.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/readers/label_fields.h"
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/source_name.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

std::string textOf(const CPLXMLNode* node, const char* path) {
  const char* text = CPLGetXMLValue(node, path, "");
  return std::string(tasks::trimmed(text));
}

double numberOf(const CPLXMLNode* node, const char* path) {
  const std::string text = textOf(node, path);
  if (text.empty()) throw Error(ErrorCode::InvalidInput, std::string("<") + path + "> is missing or empty");
  if (!isNumber(text)) throw Error(ErrorCode::InvalidInput, std::string("<") + path + "> is '" + text + "', not a number");
  return requiredNumber(text);
}

geo::Quad uprightQuad(const CPLXMLNode* box) {
  const double left = numberOf(box, "xmin");
  const double top = numberOf(box, "ymin");
  const double right = numberOf(box, "xmax");
  const double bottom = numberOf(box, "ymax");
  return {geo::Point{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

geo::Quad turnedQuad(const CPLXMLNode* box) {
  if (!textOf(box, "cx").empty()) {
    const double degrees = numberOf(box, "angle") * 180.0 / std::numbers::pi;
    return geo::corners(
        geo::makeOrientedBox({numberOf(box, "cx"), numberOf(box, "cy")}, numberOf(box, "w"), numberOf(box, "h"), degrees));
  }
  return {geo::Point{numberOf(box, "x_left_top"), numberOf(box, "y_left_top")},
          {numberOf(box, "x_right_top"), numberOf(box, "y_right_top")},
          {numberOf(box, "x_right_bottom"), numberOf(box, "y_right_bottom")},
          {numberOf(box, "x_left_bottom"), numberOf(box, "y_left_bottom")}};
}

// CPL counts lines from 0.
std::string withLinesFromOne(const std::string& message) {
  constexpr std::string_view kLine = "Line ";
  const std::size_t end = message.find(':');
  if (!message.starts_with(kLine) || end == std::string::npos) return message;
  const std::optional<int> line = tasks::integerOf(std::string_view(message).substr(kLine.size(), end - kLine.size()));
  return line ? "line " + std::to_string(*line + 1) + message.substr(end) : message;
}

LabelledShape shapeOf(const CPLXMLNode* object) {
  LabelledShape shape;
  shape.label = textOf(object, "name");
  if (shape.label.empty()) throw Error(ErrorCode::InvalidInput, "<name> is missing or empty");
  const std::string difficult = textOf(object, "difficult");
  shape.difficult = !difficult.empty() && difficult != "0";
  if (const CPLXMLNode* turned = CPLGetXMLNode(object, "robndbox")) {
    shape.quad = turnedQuad(turned);
  } else if (const CPLXMLNode* upright = CPLGetXMLNode(object, "bndbox")) {
    shape.quad = uprightQuad(upright);
  } else {
    throw Error(ErrorCode::InvalidInput, "there is neither <bndbox> nor <robndbox>");
  }
  return shape;
}

class VocReader final : public FileByFileReader {
 public:
  VocReader(const SourceOptions& options, SkipReport& report)
      : FileByFileReader(filesBelow(annotationsOf(options.source), {".xml"})),
        pictures_(picturesOf(options)),
        intake_(options.classes, report) {}

 private:
  static fs::path annotationsOf(const fs::path& source) {
    return fs::is_directory(source) ? firstFolder(source, {"Annotations", "annotations", "labels"}).value_or(source) : source;
  }

  static fs::path picturesOf(const SourceOptions& options) {
    if (!options.imageRoot.empty()) return options.imageRoot;
    const fs::path labels = fs::absolute(annotationsOf(options.source) / "").lexically_normal().parent_path();
    for (fs::path folder = labels; folder.has_relative_path(); folder = folder.parent_path()) {
      if (const auto found = firstFolder(folder, {"JPEGImages", "images", "Images"})) return *found;
      if (folder == labels.parent_path().parent_path()) break;
    }
    return fs::is_directory(labels) ? labels : labels.parent_path();
  }

  bool read(const fs::path& file, Record& record) override {
    record.where = file.string();
    CPLXMLTreeCloser tree(nullptr);
    const CPLXMLNode* annotation = nullptr;
    const bool parsed = intake_.attempt(record.where, [&] {
      const geo::GdalMessages messages;
      tree.reset(CPLParseXMLString(readTextFile(file).c_str()));
      if (!tree || messages.failed())
        throw Error(ErrorCode::InvalidInput,
                    "not valid XML" + (messages.failed() ? ": " + withLinesFromOne(messages.failure()) : ""));
      annotation = CPLGetXMLNode(tree.get(), "=annotation");
      if (annotation == nullptr) throw Error(ErrorCode::InvalidInput, "the element <annotation> is missing");
      record.image = pictureOf(annotation, file);
    });
    if (!parsed || !intake_.picture(record)) return false;
    record.source = sourceName(record.image, pictures_.root());
    readObjects(annotation, record);
    intake_.labelled(record);
    return true;
  }

  // As <filename> says, else by the name of the label file: many sets were renamed after they were labelled.
  fs::path pictureOf(const CPLXMLNode* annotation, const fs::path& file) {
    const std::string name = textOf(annotation, "filename");
    if (!name.empty() && fs::exists(pictures_.root() / name)) return (pictures_.root() / name).lexically_normal();
    return pictures_.ofStem({}, file.stem().string());
  }

  void readObjects(const CPLXMLNode* annotation, Record& record) {
    int number = 0;
    for (const CPLXMLNode* node = annotation->psChild; node != nullptr; node = node->psNext) {
      if (node->eType != CXT_Element || std::string_view(node->pszValue) != "object") continue;
      const std::string where = record.where + ", object " + std::to_string(++number);
      LabelledShape shape;
      if (intake_.attempt(where, [&] { shape = shapeOf(node); })) intake_.object(record, std::move(shape), where);
    }
  }

  PictureFinder pictures_;
  Intake intake_;
};

bool looksLike(const fs::path& source) {
  if (!fs::is_directory(source)) return source.extension() == ".xml";
  for (const char* folder : {"", "Annotations", "annotations", "labels"}) {
    if (!fs::is_directory(source / folder)) continue;
    for (const auto& entry : fs::directory_iterator(source / folder)) {
      if (entry.path().extension() == ".xml") return true;
    }
  }
  return false;
}

}  // namespace

Format vocFormat() {
  return {"voc", "Pascal VOC's XML files of boxes, upright or turned: a folder with Annotations/ and JPEGImages/, or one file",
          looksLike, openWith<VocReader>};
}

}  // namespace orthoscribe::learn
