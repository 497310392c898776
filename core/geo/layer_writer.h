// SPDX-License-Identifier: GPL-2.0-or-later
// The detections layer (DESIGN, "Detections layer"): fields label, score, azimuth, length_m, width_m, area_m2, tile.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/geo/detection.h"

namespace orthoscribe::geo {

// Measures by geodesics on the ellipsoid of the raster's CRS (Karney 2013), along the middle of the box; nothing without CRS or
// where it is not defined. In a CRS of longitude and latitude grid north is true north.
struct GroundMeasures {
  double azimuthDeg = 0.0;  // of the long side, clockwise from grid north, 0 <= a < 180; known without CRS too when georeferenced
  std::optional<double> lengthM;
  std::optional<double> widthM;
  std::optional<double> areaM2;
};

class Measurer {
 public:
  // wkt: the CRS of map coordinates, empty: none. Throws Error{InvalidInput} when PROJ does not understand it.
  explicit Measurer(const std::string& wkt);
  ~Measurer();
  GroundMeasures measure(const Quad& mapQuad) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What the layer says of its origin; written into the layer's metadata where the format has some, beside it otherwise.
struct Provenance {
  std::string model;
  std::string modelHash;
  std::string adapter;
  std::string prompt;
  std::map<std::string, std::string> parameters;
  std::string sourceRaster;
  std::string programVersion;
  std::string time;  // ISO 8601, UTC
};

enum class VectorFormat { GeoPackage, Shapefile, GeoJson, FlatGeobuf };

// By extension: .gpkg .shp .geojson .json .fgb. Throws Error{InvalidInput} listing these.
VectorFormat vectorFormatOf(const std::filesystem::path& path);

struct WrittenLayer {
  std::filesystem::path path;
  bool elsewhere = false;  // `path` could not be written; the layer lies at .path instead
  std::string reason;
  std::vector<std::string> warnings;  // what the format could not take, one line each
};

// Writes beside and renames (all files of a shapefile). GeoJSON is written in the raster's CRS with a crs member when that is not
// WGS 84. With a QML style beside the file (inside the GeoPackage too) and the provenance as QGIS metadata inside the GeoPackage,
// in a .qmd file beside the others. Without georeference places are pixels and all measures null. When the place cannot be
// written, the layer is kept in a temporary folder and the result says so. Throws Error{InvalidInput} for an unknown format or
// CRS, Error{Io} only if the temporary folder fails as well.
WrittenLayer writeDetections(const std::filesystem::path& path, const std::vector<Detection>& detections,
                             const std::string& crsWkt, bool georeferenced, const Provenance& provenance);

}  // namespace orthoscribe::geo
