// SPDX-License-Identifier: GPL-2.0-or-later
// COCO's JSON of objects: "images", "annotations", "categories". RSCoVLM's sets write a turned box as one polygon of eight
// numbers in "segmentation" (reference/rscovlm.md 2.1, 2.4).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
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

geo::Quad quadOfBounds(const std::vector<double>& box) {
  if (box.size() != 4) throw Error(ErrorCode::InvalidInput, "\"bbox\" is not four numbers");
  const double right = box[0] + box[2];
  const double bottom = box[1] + box[3];
  return {geo::Point{box[0], box[1]}, {right, box[1]}, {right, bottom}, {box[0], bottom}};
}

// A polygon of four corners as it is, of more the smallest rectangle around it, over all parts.
geo::Quad quadOfPolygon(const std::vector<double>& numbers) {
  if (numbers.size() < 6 || numbers.size() % 2 != 0)
    throw Error(ErrorCode::InvalidInput, "\"segmentation\" is not a polygon of at least three corners");
  std::vector<geo::Point> points;
  for (std::size_t i = 0; i < numbers.size(); i += 2) points.push_back({numbers[i], numbers[i + 1]});
  if (points.size() == 4) return {points[0], points[1], points[2], points[3]};
  return geo::corners(geo::minimumAreaRectangle(points));
}

geo::Quad quadOf(const json& annotation) {
  const json* outline = member(annotation, "segmentation");
  // Crowds have run lengths there.
  if (outline != nullptr && outline->is_array() && !outline->empty()) return quadOfPolygon(flatNumbers(*outline, "segmentation"));
  const json* box = member(annotation, "bbox");
  if (box == nullptr) throw Error(ErrorCode::InvalidInput, "there is neither \"bbox\" nor a polygon in \"segmentation\"");
  return quadOfBounds(flatNumbers(*box, "bbox"));
}

class CocoReader final : public RecordReader {
 public:
  CocoReader(const SourceOptions& options, SkipReport& report)
      : file_(options.source), root_(rootOf(options)), intake_(options.classes, report) {
    readCategories();
    readImages();
    readAnnotations();
  }

  std::optional<Record> next() override {
    while (at_ < pictures_.size()) {
      Picture& picture = pictures_[at_++];
      Record record;
      record.where = picture.where;
      record.image = (root_ / picture.name).lexically_normal();
      if (!intake_.picture(record)) continue;
      record.source = sourceName(record.image, root_);
      for (Labelled& labelled : picture.objects) intake_.object(record, std::move(labelled.shape), labelled.where);
      intake_.labelled(record);
      return record;
    }
    return std::nullopt;
  }
  std::vector<std::string> classes() const override { return categoryNames_; }
  std::int64_t size() const override { return std::int64_t(pictures_.size()); }

 private:
  struct Labelled {
    LabelledShape shape;
    std::string where;
  };
  struct Picture {
    std::string name;
    std::string where;
    std::vector<Labelled> objects;
  };

  static fs::path rootOf(const SourceOptions& options) {
    if (!options.imageRoot.empty()) return options.imageRoot;
    const fs::path folder = options.source.parent_path();
    return firstFolder(folder.empty() ? "." : folder, {"images"}).value_or(folder);
  }

  void readCategories() {
    forEach("categories", [&](const json& category, const std::string&) {
      const std::string name = requiredText(category, "name");
      categories_[requiredText(category, "id")] = name;
      categoryNames_.push_back(name);
    });
  }

  void readImages() {
    forEach("images", [&](const json& image, const std::string& where) {
      const std::string id = requiredText(image, "id");
      const std::string name = requiredText(image, "file_name");
      if (!byId_.emplace(id, pictures_.size()).second)
        throw Error(ErrorCode::InvalidInput, "the picture's id " + id + " comes twice");
      pictures_.push_back({name, where, {}});
    });
  }

  void readAnnotations() {
    forEach("annotations", [&](const json& annotation, const std::string& where) {
      const auto picture = byId_.find(requiredText(annotation, "image_id"));
      if (picture == byId_.end())
        throw Error(ErrorCode::InvalidInput, "there is no picture with the \"image_id\" " + textAt(annotation, "image_id"));
      const auto category = categories_.find(requiredText(annotation, "category_id"));
      if (category == categories_.end())
        throw Error(ErrorCode::InvalidInput, "there is no category " + textAt(annotation, "category_id"));
      const bool crowd = flagAt(annotation, "iscrowd", false) || flagAt(annotation, "difficult", false);
      pictures_[picture->second].objects.push_back({{category->second, quadOf(annotation), crowd}, where});
    });
  }

  template <typename Read>
  void forEach(const std::string& list, Read&& read) {
    JsonElements elements(file_, list);
    while (const std::optional<JsonElement> element = elements.next()) {
      const std::string where = elements.where(*element);
      intake_.attempt(where, [&] { read(parseJson(element->text), where); });
    }
  }

  fs::path file_;
  fs::path root_;
  Intake intake_;
  std::unordered_map<std::string, std::string> categories_;
  std::vector<std::string> categoryNames_;
  std::vector<Picture> pictures_;
  std::unordered_map<std::string, std::size_t> byId_;
  std::size_t at_ = 0;
};

bool looksLike(const fs::path& source) {
  if (source.extension() != ".json") return false;
  const std::vector<std::string> keys = outlineOf(source).keys;
  return std::ranges::find(keys, "images") != keys.end() && std::ranges::find(keys, "categories") != keys.end();
}

}  // namespace

Format cocoFormat() {
  return {"coco", "COCO's JSON of objects; boxes, or polygons in \"segmentation\"", looksLike, openWith<CocoReader>};
}

}  // namespace orthoscribe::learn
