// SPDX-License-Identifier: GPL-2.0-or-later
// One vector file through OGR, at a place where nothing else lies.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/geo/gdal_support.h"
#include "core/geo/layer_writer.h"

namespace orthoscribe::geo {

// A row of the layer, measured.
struct LayerFeature {
  const Detection* detection = nullptr;
  std::optional<GroundMeasures> measures;  // nothing without georeference
};

struct LayerContents {
  std::string name;
  std::string description;
  std::vector<LayerFeature> features;
  std::optional<OGRSpatialReference> crs;
  std::vector<std::pair<std::string, std::string>> metadata;  // where the format has a place for it
  std::string qgisMetadata;                                   // into GeoPackages
  std::string qml;                                            // into GeoPackages; may be empty
};

// Whether the coordinates are longitude and latitude on WGS 84.
bool isWgs84(const OGRSpatialReference& reference);

// Throws Error{Io} naming the file when anything, down to closing it, fails.
void writeLayerFile(const std::filesystem::path& path, VectorFormat format, const LayerContents& contents);

}  // namespace orthoscribe::geo
