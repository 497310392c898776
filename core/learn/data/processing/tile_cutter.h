// SPDX-License-Identifier: GPL-2.0-or-later
// Cuts a labelled picture of any size into tiles with the boxes that lie in them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/base/cancel.h"
#include "core/geo/raster.h"
#include "core/learn/data/processing/tile_name.h"
#include "core/learn/data/record.h"

namespace orthoscribe::learn {

enum class CutBoxes { MarkDifficult, Drop };

struct TileOptions {
  int sizePx = 512;
  int overlapPx = 128;
  double keepShare = 0.7;  // of a box's area that must lie in the tile
  CutBoxes rest = CutBoxes::MarkDifficult;
  bool keepEmpty = true;     // tiles without any box
  double leastValid = 0.25;  // share of a tile that must hold data
};

// Throws Error{InvalidInput} for a size or an overlap that cannot be.
void requireUsable(const TileOptions& options);

// visiblePart() of a rectangle of pixels.
std::vector<geo::Point> clippedToRect(std::span<const geo::Point> polygon, const geo::PixelRect& rect);

// The shape as it stands in the tile, in pixels of the tile. Wholly inside: its own corners. Cut, with at least keepShare of its
// area left: the smallest rectangle around what is left, which may reach over the tile's border. Less: the same, difficult, or
// nothing. Shapes without area give nothing.
std::optional<LabelledShape> shapeInTile(const LabelledShape& shape, const geo::PixelRect& tile, const TileOptions& options);

struct CutTile {
  TileName name;
  RgbImage image;
  std::vector<LabelledShape> objects;
};

// Tiles row by row, none reaching over the picture's border; a picture smaller than a tile gives one of its own size. One window
// is in memory at a time. Returns how many tiles went to the sink. Throws Error{InvalidInput} for a size or an overlap that
// cannot be, Error{Io}, Error{Cancelled}.
int cutTiles(geo::RasterSource& picture, const std::string& name, std::span<const LabelledShape> objects,
             const TileOptions& options, const std::function<void(CutTile&&)>& sink, const CancelToken& cancel);

}  // namespace orthoscribe::learn
