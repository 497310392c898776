// SPDX-License-Identifier: GPL-2.0-or-later
// Polygons of a vector file, laid over a raster.
#pragma once

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

struct LabelledPolygon {
  std::vector<Point> outline;                     // as above
  std::map<std::string, std::string> attributes;  // of the fields asked for, as text; without those that are null
};

// The polygons of one layer with some of their attributes. layer: its name; empty: the file's only one. Throws as
// polygonsOnRaster, Error{NotFound} naming the layer or the field and listing those that there are.
std::vector<LabelledPolygon> labelledPolygonsOnRaster(const std::string& path, const std::string& layer,
                                                      const std::vector<std::string>& fields, const RasterSource& raster);

}  // namespace orthoscribe::geo
