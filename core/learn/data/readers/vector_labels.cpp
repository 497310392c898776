// SPDX-License-Identifier: GPL-2.0-or-later
// A georeferenced raster and the polygons of a vector file over it, reprojected to it: the smallest rectangle around each
// polygon, with the class from one of its attributes. The raster is one record, however large it is.
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/geo/polygon_file.h"
#include "core/geo/raster.h"
#include "core/learn/data/readers/formats.h"
#include "core/learn/data/readers/intake.h"
#include "core/learn/data/source_name.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kUsualFields = {"class", "label"};

bool isVector(const fs::path& path) {
  const std::string ending = tasks::lowered(path.extension().string());
  return ending == ".gpkg" || ending == ".shp" || ending == ".geojson" || ending == ".fgb";
}

// The vector files beside a raster whose names begin with its own.
std::vector<fs::path> besideOf(const fs::path& raster) {
  std::vector<fs::path> found;
  const fs::path folder = raster.parent_path().empty() ? "." : raster.parent_path();
  const std::string stem = raster.stem().string();
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string other = entry.path().stem().string();
    if (isVector(entry.path()) && (other == stem || other.starts_with(stem + "_"))) found.push_back(entry.path());
  }
  return found;
}

fs::path labelsOf(const SourceOptions& options) {
  if (!options.labels.empty()) return options.labels;
  const std::vector<fs::path> found = besideOf(options.source);
  if (found.size() == 1) return found.front();
  throw Error(found.empty() ? ErrorCode::NotFound : ErrorCode::InvalidInput,
              options.source.string() + ": " +
                  (found.empty() ? "no vector file" : std::to_string(found.size()) + " vector files") +
                  " of that name lie beside it",
              "Name the labels with --labels.");
}

class VectorReader final : public RecordReader {
 public:
  VectorReader(const SourceOptions& options, SkipReport& report)
      : raster_(options.source), labels_(labelsOf(options)), intake_(options.classes, report), field_(options.labelField) {}

  std::optional<Record> next() override {
    if (done_) return std::nullopt;
    done_ = true;
    const geo::GdalRaster raster(raster_.string());
    Record record;
    record.where = labels_.string();
    record.image = raster_;
    record.widthPx = static_cast<int>(raster.width());
    record.heightPx = static_cast<int>(raster.height());
    record.source = sourceName(raster_, raster_.parent_path());
    for (const geo::LabelledPolygon& polygon : polygonsOn(raster)) add(record, polygon);
    intake_.labelled(record);
    return record;
  }
  std::int64_t size() const override { return 1; }

 private:
  // Their labels are never missing altogether: either an attribute says them, or all are of the one class that is read.
  std::vector<geo::LabelledPolygon> polygonsOn(const geo::GdalRaster& raster) const {
    const std::vector<std::string> fields = field_.empty() ? kUsualFields : std::vector<std::string>{field_};
    geo::LabelledPolygons found = geo::labelledPolygonsOnRaster(labels_.string(), raster, fields);
    if (!found.field.empty()) return std::move(found.polygons);
    const std::vector<std::string>& classes = intake_.classes().names();
    if (!field_.empty() || classes.size() != 1) {
      throw Error(ErrorCode::InvalidInput,
                  labels_.string() + ": there is no attribute '" + tasks::joined(fields, "' or '") + "'; there are " +
                      tasks::joined(found.others, ", "),
                  "Name the attribute with the class by --label-field, or the class of all polygons by --classes.");
    }
    for (geo::LabelledPolygon& polygon : found.polygons) polygon.label = classes.front();
    return std::move(found.polygons);
  }

  void add(Record& record, const geo::LabelledPolygon& polygon) {
    const std::string where = labels_.string() + ", layer " + polygon.layer + ", feature " + std::to_string(polygon.feature);
    if (polygon.outline.size() < 3) return intake_.broken(where, "not a polygon that can be laid over the raster");
    if (polygon.label.empty()) return intake_.broken(where, "the attribute with the class is empty");
    intake_.object(record, {polygon.label, geo::corners(geo::minimumAreaRectangle(polygon.outline)), false}, where);
  }

  fs::path raster_;
  fs::path labels_;
  Intake intake_;
  std::string field_;
  bool done_ = false;
};

bool looksLike(const fs::path& source) {
  const std::string ending = tasks::lowered(source.extension().string());
  return ending == ".tif" || ending == ".tiff" || ending == ".vrt" || (!fs::is_directory(source) && !besideOf(source).empty());
}

}  // namespace

Format vectorFormat() {
  return {"vector", "A georeferenced raster with polygons of any vector file over it", looksLike, openWith<VectorReader>};
}

}  // namespace orthoscribe::learn
