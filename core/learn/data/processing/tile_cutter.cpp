// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/tile_cutter.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/geo/tiling.h"

namespace orthoscribe::learn {
namespace {

constexpr double kWhole = 1.0 - 1e-9;
constexpr double kNothing = 1e-9;  // of the box's area

// One side of a rectangle: what is on the other side of it goes.
struct Border {
  bool alongX;   // it bounds x rather than y
  double place;  // where it lies
  double sign;   // +1: greater coordinates are inside
  double inside(geo::Point point) const { return ((alongX ? point.x : point.y) - place) * sign; }
};

std::vector<geo::Point> clipped(const std::vector<geo::Point>& polygon, const Border& border) {
  std::vector<geo::Point> kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const geo::Point before = polygon[i == 0 ? polygon.size() - 1 : i - 1];
    const geo::Point here = polygon[i];
    const double insideBefore = border.inside(before);
    const double insideHere = border.inside(here);
    if ((insideBefore >= 0) != (insideHere >= 0)) {
      const double share = insideBefore / (insideBefore - insideHere);
      kept.push_back({before.x + share * (here.x - before.x), before.y + share * (here.y - before.y)});
    }
    if (insideHere >= 0) kept.push_back(here);
  }
  return kept;
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
  const auto left = static_cast<double>(rect.column);
  const auto top = static_cast<double>(rect.row);
  const Border borders[] = {{true, left, 1.0},
                            {true, left + static_cast<double>(rect.width), -1.0},
                            {false, top, 1.0},
                            {false, top + static_cast<double>(rect.height), -1.0}};
  std::vector<geo::Point> kept(polygon.begin(), polygon.end());
  for (const Border& border : borders) kept = clipped(kept, border);
  if (kept.size() < 3 || geo::area(kept) <= 0.0) kept.clear();
  return kept;
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
