// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/tile_cutter.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/geo/tiling.h"
#include "core/learn/data/shape_clip.h"

namespace orthoscribe::learn {
namespace {

constexpr double kWhole = 1.0 - 1e-9;
constexpr double kNothing = 1e-9;  // of the box's area

geo::UprightBox frameOf(const geo::PixelRect& rect) {
  return {static_cast<double>(rect.column), static_cast<double>(rect.row), static_cast<double>(rect.column + rect.width),
          static_cast<double>(rect.row + rect.height)};
}

geo::TilingOptions tilingOf(const TileOptions& options) {
  requireUsable(options);
  geo::TilingOptions tiling;
  tiling.imageSidePx = options.sizePx;
  tiling.overlap = static_cast<double>(options.overlapPx) / options.sizePx;
  return tiling;
}

geo::PixelRect within(geo::PixelRect tile, const geo::RasterSource& picture) {
  tile.width = std::min(tile.width, picture.width() - tile.column);
  tile.height = std::min(tile.height, picture.height() - tile.row);
  return tile;
}

std::vector<LabelledShape> shapesInTile(std::span<const LabelledShape> objects, const geo::PixelRect& tile,
                                        const TileOptions& options) {
  std::vector<LabelledShape> inside;
  for (const LabelledShape& object : objects) {
    if (std::optional<LabelledShape> shape = shapeInTile(object, tile, options)) inside.push_back(std::move(*shape));
  }
  return inside;
}

}  // namespace

void requireUsable(const TileOptions& options) {
  if (options.sizePx >= 1 && options.overlapPx >= 0 && options.overlapPx < options.sizePx) return;
  throw Error(ErrorCode::InvalidInput,
              "tiles of " + std::to_string(options.sizePx) + " pixels that overlap by " + std::to_string(options.overlapPx),
              "The overlap must be less than the size, and neither negative.");
}

std::vector<geo::Point> clippedToRect(std::span<const geo::Point> polygon, const geo::PixelRect& rect) {
  return visiblePart(polygon, frameOf(rect));
}

std::optional<LabelledShape> shapeInTile(const LabelledShape& shape, const geo::PixelRect& tile, const TileOptions& options) {
  const double whole = geo::area(shape.quad);
  const std::vector<geo::Point> left = clippedToRect(shape.quad, tile);
  const double share = whole > 0.0 ? geo::area(left) / whole : 0.0;
  if (share <= kNothing || (share < options.keepShare && options.rest == CutBoxes::Drop)) return std::nullopt;
  LabelledShape result = shape;
  if (share < kWhole) result.quad = geo::corners(geo::minimumAreaRectangle(left));
  result.difficult = shape.difficult || share < options.keepShare;
  for (geo::Point& corner : result.quad)
    corner = {corner.x - static_cast<double>(tile.column), corner.y - static_cast<double>(tile.row)};
  return result;
}

int cutTiles(geo::RasterSource& picture, const std::string& name, std::span<const LabelledShape> objects,
             const TileOptions& options, const std::function<void(CutTile&&)>& sink, const CancelToken& cancel) {
  int count = 0;
  for (const geo::Tile& planned : geo::planTiles({0, 0, picture.width(), picture.height()}, tilingOf(options))) {
    cancel.throwIfCancelled();
    const geo::PixelRect place = within(planned.source, picture);
    CutTile tile{{name, options.sizePx, place.column, place.row}, {}, shapesInTile(objects, place, options)};
    if (tile.objects.empty() && !options.keepEmpty) continue;
    geo::RasterWindow window = picture.read(place, static_cast<int>(place.width), static_cast<int>(place.height), cancel);
    if (window.validShare < options.leastValid) continue;
    tile.image = std::move(window.image);
    sink(std::move(tile));
    ++count;
  }
  return count;
}

}  // namespace orthoscribe::learn
