// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL's dynamic tiling: an image becomes a grid of square tiles of the shape nearest to its own (InternVL 1.5, arXiv
// 2404.16821, section 3.3; dynamic_preprocess of the published code).
#pragma once

#include <vector>

#include "core/base/rgb_image.h"

namespace orthoscribe::vision {

struct TileGrid {
  int columns = 1;
  int rows = 1;
  bool operator==(const TileGrid&) const = default;
};

// The grid of minTiles to maxTiles tiles whose columns/rows is nearest to width/height. Of grids that are equally near, a larger
// one is taken only if the image has more than half of its pixels. sidePx: side of a tile. Throws Error{InvalidInput} when a size
// is below 1 or no grid exists.
TileGrid nearestGrid(int width, int height, int minTiles, int maxTiles, int sidePx);

// The image stretched over the grid (bicubic, its shape is not kept), cut row by row. With a thumbnail, more than one tile is
// followed by the whole image as one tile.
std::vector<RgbImage> cutTiles(const RgbImage& image, const TileGrid& grid, int sidePx, bool thumbnail);

}  // namespace orthoscribe::vision
