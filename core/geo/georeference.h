// SPDX-License-Identifier: GPL-2.0-or-later
// Where a GDAL dataset lies on the map.
#pragma once

#include <gdal_priv.h>

#include <optional>
#include <string>
#include <vector>

#include "core/geo/geotransform.h"

namespace orthoscribe::geo {

struct Georeference {
  std::optional<Geotransform> transform;
  std::string crsWkt;  // WKT2; empty: none
  std::vector<std::string> warnings;
};

// The geotransform, else the affine through the ground control points when it meets all of them within a pixel.
Georeference georeferenceOf(GDALDataset& dataset);

// Metres on the ground a pixel at the raster's centre, mean of both axes. Nothing without CRS or where it is not defined.
std::optional<double> groundResolution(const Georeference& georeference, double width, double height);

}  // namespace orthoscribe::geo
