// SPDX-License-Identifier: GPL-2.0-or-later
// Polygons of a vector file, laid over a raster.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/geo/raster.h"

namespace orthoscribe::geo {

// The polygons of all layers of a file that OGR can read, in pixels of the raster, their edges densified before they are
// transformed from the file's CRS (without one: the raster's). Holes are part of the outline, joined to it by an edge there and
// back, so that the even-odd rule leaves them out. Throws Error{NotFound} when there is no such file, Error{InvalidInput} when it
// is no vector file, holds no polygon, has a CRS though the raster has none, or none of its polygons meets the raster.
std::vector<std::vector<Point>> polygonsOnRaster(const std::string& path, const RasterSource& raster);

// A polygon of a vector file with what an attribute says of it.
struct LabelledPolygon {
  std::string layer;
  std::int64_t feature = 0;    // its number in the layer
  std::string label;           // empty: the attribute is empty or missing
  std::vector<Point> outline;  // as above, wherever it lies; empty: no polygon, or one that cannot be transformed
  std::map<std::string, std::string> attributes;  // of the fields asked for, as text; without those that are null
};

struct LabelledPolygons {
  std::string field;                // the attribute that was read; empty: no layer has one of those asked for
  std::vector<std::string> others;  // what attributes the last layer has
  std::vector<LabelledPolygon> polygons;
};

// All features of all layers, a polygon each for the parts of a multipolygon. The label is the first of `fields` that a layer
// has. Throws as above, but for polygons that do not meet the raster.
LabelledPolygons labelledPolygonsOnRaster(const std::string& path, const RasterSource& raster,
                                          const std::vector<std::string>& fields);

// The polygons of one layer that meet the raster. layer: its name; empty: the file's only one. Throws as polygonsOnRaster,
// Error{NotFound} naming the layer or the field and listing those that there are.
std::vector<LabelledPolygon> layerPolygonsOnRaster(const std::string& path, const std::string& layer,
                                                   const std::vector<std::string>& fields, const RasterSource& raster);

}  // namespace orthoscribe::geo
