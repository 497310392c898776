// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/polygon_file.h"

#include <ogrsf_frmts.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/error.h"
#include "core/geo/gdal_support.h"

namespace orthoscribe::geo {
namespace {

// Points an edge when it is transformed: straight lines bend.
constexpr int kPointsPerEdge = 16;

class Collector {
 public:
  Collector(const std::string& path, const RasterSource& raster)
      : path_(path), raster_(raster), toPixel_(raster.geotransform().inverse()) {}

  void read(OGRLayer& layer, const std::vector<std::string>& fields = {}) {
    setTransform(layer.GetSpatialRef());
    for (const auto& feature : layer) {
      attributes_.clear();
      for (const std::string& field : fields) {
        const int index = feature->GetFieldIndex(field.c_str());
        if (feature->IsFieldSetAndNotNull(index)) attributes_[field] = feature->GetFieldAsString(index);
      }
      if (const OGRGeometry* geometry = feature->GetGeometryRef()) add(*geometry);
    }
  }

  std::vector<LabelledPolygon> polygonsThatMeet() {
    if (seen_ == 0) {
      throw Error(ErrorCode::InvalidInput, path_ + " holds no polygon", "name a file with polygons");
    }
    if (polygons_.empty()) {
      throw Error(ErrorCode::InvalidInput, "no polygon of " + path_ + " meets " + raster_.name(),
                  "look whether its coordinate reference system is right");
    }
    return std::move(polygons_);
  }

 private:
  void setTransform(const OGRSpatialReference* from) {
    transform_.reset();
    if (from == nullptr) return;
    if (raster_.crsWkt().empty()) {
      throw Error(ErrorCode::InvalidInput,
                  raster_.name() + " has no coordinate reference system, so the polygons of " + path_ + " cannot be laid over it",
                  "assign one to the raster, or give polygons in its pixels, without a coordinate reference system");
    }
    const OGRSpatialReference to = spatialReference(raster_.crsWkt());
    if (!from->IsSame(&to)) transform_.emplace(*from, to);
  }

  void add(const OGRGeometry& geometry) {
    const std::unique_ptr<OGRGeometry> straight(geometry.getLinearGeometry());
    if (!straight) return;
    const OGRwkbGeometryType type = wkbFlatten(straight->getGeometryType());
    if (type == wkbPolygon) {
      addPolygon(*straight->toPolygon());
    } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
      for (const OGRGeometry* part : *straight->toGeometryCollection()) add(*part);
    }
  }

  void addPolygon(const OGRPolygon& polygon) {
    if (polygon.IsEmpty() || polygon.getExteriorRing() == nullptr) return;
    ++seen_;
    std::vector<Point> outline = ring(*polygon.getExteriorRing());
    if (outline.size() < 3 || !meets(outline)) return;
    const Point start = outline.front();
    for (int i = 0; i < polygon.getNumInteriorRings(); ++i) {
      const std::vector<Point> hole = ring(*polygon.getInteriorRing(i));
      if (hole.size() < 3) continue;
      outline.push_back(start);
      outline.insert(outline.end(), hole.begin(), hole.end());
      outline.push_back(hole.front());
    }
    polygons_.push_back({std::move(outline), attributes_});
  }

  // Without the last point, which repeats the first.
  std::vector<Point> ring(const OGRLinearRing& ring) const {
    std::vector<Point> points;
    for (int i = 0; i + 1 < ring.getNumPoints(); ++i) {
      const int steps = transform_ ? kPointsPerEdge : 1;
      for (int step = 0; step < steps; ++step) {
        const double share = double(step) / steps;
        std::optional<Point> place = Point{ring.getX(i) + share * (ring.getX(i + 1) - ring.getX(i)),
                                           ring.getY(i) + share * (ring.getY(i + 1) - ring.getY(i))};
        if (transform_) place = (*transform_)(*place);
        if (place) points.push_back(toPixel_.toMap(*place));
      }
    }
    return points;
  }

  bool meets(const std::vector<Point>& outline) const {
    const auto [left, right] = std::minmax_element(outline.begin(), outline.end(), [](Point a, Point b) { return a.x < b.x; });
    const auto [top, bottom] = std::minmax_element(outline.begin(), outline.end(), [](Point a, Point b) { return a.y < b.y; });
    return right->x > 0 && bottom->y > 0 && left->x < double(raster_.width()) && top->y < double(raster_.height());
  }

  const std::string& path_;
  const RasterSource& raster_;
  Geotransform toPixel_;
  std::optional<PointTransform> transform_;
  std::size_t seen_ = 0;
  std::map<std::string, std::string> attributes_;  // of the feature being read
  std::vector<LabelledPolygon> polygons_;
};

GDALDatasetUniquePtr openPolygons(const std::string& path) {
  prepareGdal();
  const bool virtualPath = path.starts_with("/vsi");
  if (!virtualPath && !std::filesystem::exists(path)) {
    throw Error(ErrorCode::NotFound, path + " does not exist", "name a file with polygons");
  }
  const GdalMessages messages;
  GDALDatasetUniquePtr file(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
  if (!file) {
    throw Error(ErrorCode::InvalidInput,
                path + " is no vector file that can be read" + (messages.failed() ? ": " + messages.failure() : ""),
                "give a GeoPackage, a shapefile or a GeoJSON");
  }
  return file;
}

std::string layerNames(GDALDataset& file) {
  std::string names;
  for (OGRLayer* layer : file.GetLayers()) names += (names.empty() ? "" : ", ") + std::string(layer->GetName());
  return names;
}

OGRLayer& layerNamed(GDALDataset& file, const std::string& path, const std::string& name) {
  if (name.empty() && file.GetLayerCount() == 1) return *file.GetLayer(0);
  OGRLayer* layer = name.empty() ? nullptr : file.GetLayerByName(name.c_str());
  if (layer != nullptr) return *layer;
  throw Error(
      ErrorCode::NotFound,
      path + (name.empty() ? " holds " + std::to_string(file.GetLayerCount()) + " layers" : " has no layer '" + name + "'"),
      "name one of " + layerNames(file));
}

void checkFields(OGRLayer& layer, const std::string& path, const std::vector<std::string>& fields) {
  OGRFeatureDefn& definition = *layer.GetLayerDefn();
  for (const std::string& field : fields) {
    if (definition.GetFieldIndex(field.c_str()) >= 0) continue;
    std::string known;
    for (const OGRFieldDefn* one : definition.GetFields()) known += (known.empty() ? "" : ", ") + std::string(one->GetNameRef());
    throw Error(ErrorCode::NotFound, path + " has no field '" + field + "'",
                known.empty() ? "it has no fields at all" : "there are " + known);
  }
}

}  // namespace

std::vector<std::vector<Point>> polygonsOnRaster(const std::string& path, const RasterSource& raster) {
  const GDALDatasetUniquePtr file = openPolygons(path);
  const GdalMessages messages;
  Collector collector(path, raster);
  for (OGRLayer* layer : file->GetLayers()) collector.read(*layer);
  std::vector<std::vector<Point>> outlines;
  for (LabelledPolygon& polygon : collector.polygonsThatMeet()) outlines.push_back(std::move(polygon.outline));
  return outlines;
}

std::vector<LabelledPolygon> labelledPolygonsOnRaster(const std::string& path, const std::string& layer,
                                                      const std::vector<std::string>& fields, const RasterSource& raster) {
  const GDALDatasetUniquePtr file = openPolygons(path);
  const GdalMessages messages;
  OGRLayer& chosen = layerNamed(*file, path, layer);
  checkFields(chosen, path, fields);
  Collector collector(path, raster);
  collector.read(chosen, fields);
  return collector.polygonsThatMeet();
}

}  // namespace orthoscribe::geo
