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

  // Throws Error{InvalidInput} when there is no way to lay the layer over the raster.
  void read(OGRLayer& layer, const std::vector<std::string>& fields = {}) {
    setTransform(layer.GetSpatialRef());
    const int field = fieldOf(*layer.GetLayerDefn(), fields);
    for (const auto& feature : layer) {
      current_ = {layer.GetName(),
                  feature->GetFID(),
                  field < 0 ? "" : feature->GetFieldAsString(field),
                  {},
                  attributesOf(*feature, fields)};
      const std::size_t before = found_.polygons.size();
      if (const OGRGeometry* geometry = feature->GetGeometryRef()) add(*geometry);
      if (found_.polygons.size() == before) found_.polygons.push_back(current_);
    }
  }

  LabelledPolygons all() { return std::move(found_); }

  std::vector<LabelledPolygon> polygonsThatMeet() {
    if (seen_ == 0) throw Error(ErrorCode::InvalidInput, path_ + " holds no polygon", "name a file with polygons");
    std::vector<LabelledPolygon> polygons;
    for (LabelledPolygon& polygon : found_.polygons) {
      if (polygon.outline.size() >= 3 && meets(polygon.outline)) polygons.push_back(std::move(polygon));
    }
    if (polygons.empty()) {
      throw Error(ErrorCode::InvalidInput, "no polygon of " + path_ + " meets " + raster_.name(),
                  "look whether its coordinate reference system is right");
    }
    return polygons;
  }

 private:
  static std::map<std::string, std::string> attributesOf(const OGRFeature& feature, const std::vector<std::string>& fields) {
    std::map<std::string, std::string> attributes;
    for (const std::string& field : fields) {
      const int index = feature.GetFieldIndex(field.c_str());
      if (index >= 0 && feature.IsFieldSetAndNotNull(index)) attributes[field] = feature.GetFieldAsString(index);
    }
    return attributes;
  }

  int fieldOf(const OGRFeatureDefn& definition, const std::vector<std::string>& fields) {
    found_.others.clear();
    for (int i = 0; i < definition.GetFieldCount(); ++i) found_.others.emplace_back(definition.GetFieldDefn(i)->GetNameRef());
    for (const std::string& name : fields) {
      const int index = definition.GetFieldIndex(name.c_str());
      if (index < 0) continue;
      found_.field = name;
      return index;
    }
    return -1;
  }

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
    if (outline.size() < 3) return;
    const Point start = outline.front();
    for (int i = 0; i < polygon.getNumInteriorRings(); ++i) {
      const std::vector<Point> hole = ring(*polygon.getInteriorRing(i));
      if (hole.size() < 3) continue;
      outline.push_back(start);
      outline.insert(outline.end(), hole.begin(), hole.end());
      outline.push_back(hole.front());
    }
    found_.polygons.push_back({current_.layer, current_.feature, current_.label, std::move(outline), current_.attributes});
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
  LabelledPolygon current_;  // without outline
  LabelledPolygons found_;
};

GDALDatasetUniquePtr openVector(const std::string& path) {
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
  const GDALDatasetUniquePtr file = openVector(path);
  const GdalMessages messages;
  Collector collector(path, raster);
  for (OGRLayer* layer : file->GetLayers()) collector.read(*layer);
  std::vector<std::vector<Point>> outlines;
  for (LabelledPolygon& polygon : collector.polygonsThatMeet()) outlines.push_back(std::move(polygon.outline));
  return outlines;
}

LabelledPolygons labelledPolygonsOnRaster(const std::string& path, const RasterSource& raster,
                                          const std::vector<std::string>& fields) {
  const GDALDatasetUniquePtr file = openVector(path);
  const GdalMessages messages;
  Collector collector(path, raster);
  for (OGRLayer* layer : file->GetLayers()) collector.read(*layer, fields);
  return collector.all();
}

std::vector<LabelledPolygon> layerPolygonsOnRaster(const std::string& path, const std::string& layer,
                                                   const std::vector<std::string>& fields, const RasterSource& raster) {
  const GDALDatasetUniquePtr file = openVector(path);
  const GdalMessages messages;
  OGRLayer& chosen = layerNamed(*file, path, layer);
  checkFields(chosen, path, fields);
  Collector collector(path, raster);
  collector.read(chosen, fields);
  return collector.polygonsThatMeet();
}

}  // namespace orthoscribe::geo
