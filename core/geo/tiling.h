// SPDX-License-Identifier: GPL-2.0-or-later
// Cutting an area into overlapping square windows at the ground resolution that suits a model.
#pragma once

#include <vector>

#include "core/geo/raster.h"

namespace orthoscribe::geo {

struct TilingOptions {
  int imageSidePx = 448;  // side of the square image the model gets
  double scale = 1.0;     // raster pixels for one image pixel; 2: the image shows half the raster's resolution
  double overlap = 0.2;   // share of a window's side shared with its neighbour, 0 <= overlap < 1
};

struct Tile {
  int index = 0;
  PixelRect source;  // may reach over the raster's border when the area is smaller than a window
};

// Raster pixels for one image pixel so that the image has `targetGsdM` metres a pixel; 1 when either is unknown.
double scaleForResolution(const RasterSource& raster, double targetGsdM);

// Row by row. The last window of a row or column is moved back to end at the area's border, so none is mostly empty.
std::vector<Tile> planTiles(const PixelRect& area, const TilingOptions& options);

}  // namespace orthoscribe::geo
