// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/box_placement.h"

#include <algorithm>
#include <utility>

#include "core/geo/polygon.h"

namespace orthoscribe::tasks {
namespace {

// Models put the side of an object that goes on at the border, up to their rounding.
constexpr double kBorderPx = 1.5;

// Boxes before they are turned may reach over the picture, but not by more than its own size.
bool nearPicture(const geo::Point& corner, const PictureFrame& frame) {
  return corner.x >= -frame.width && corner.x <= 2.0 * frame.width && corner.y >= -frame.height && corner.y <= 2.0 * frame.height;
}

}  // namespace

BoxPlacement::BoxPlacement(const geo::RasterSource& raster, const geo::PixelRect& area,
                           std::vector<std::vector<geo::Point>> polygons)
    : toMap_(raster.geotransform()),
      rasterWidth_(raster.width()),
      rasterHeight_(raster.height()),
      area_(area),
      polygons_(std::move(polygons)) {}

std::optional<geo::Detection> BoxPlacement::place(const SpokenBox& box, const geo::Tile& tile, const PictureFrame& frame,
                                                  std::optional<double> score) const {
  geo::Detection detection;
  geo::Point centre;
  geo::Point pictureCentre;
  for (std::size_t i = 0; i < box.quad.size(); ++i) {
    const geo::Point& corner = box.quad[i];
    if (!nearPicture(corner, frame)) return std::nullopt;
    geo::Point& pixel = detection.pixelQuad[i];
    pixel = {double(tile.source.column) + corner.x * double(tile.source.width) / frame.width,
             double(tile.source.row) + corner.y * double(tile.source.height) / frame.height};
    detection.mapQuad[i] = toMap_.toMap(pixel);
    centre = {centre.x + pixel.x / 4.0, centre.y + pixel.y / 4.0};
    pictureCentre = {pictureCentre.x + corner.x / 4.0, pictureCentre.y + corner.y / 4.0};
  }
  const bool inPicture =
      pictureCentre.x >= 0.0 && pictureCentre.y >= 0.0 && pictureCentre.x <= frame.width && pictureCentre.y <= frame.height;
  if (!inPicture || !wanted(centre) || !(geo::area(detection.pixelQuad) > 0.0)) return std::nullopt;
  detection.label = box.label;
  detection.score = score;
  detection.tile = tile.index;
  detection.cutByTile = cut(box.quad, tile, frame);
  return detection;
}

bool BoxPlacement::wanted(geo::Point centre) const {
  const bool inArea = centre.x >= double(area_.column) && centre.y >= double(area_.row) &&
                      centre.x <= double(area_.column + area_.width) && centre.y <= double(area_.row + area_.height);
  if (!inArea || polygons_.empty()) return inArea;
  return std::any_of(polygons_.begin(), polygons_.end(), [&](const auto& polygon) { return contains(polygon, centre); });
}

bool BoxPlacement::cut(const geo::Quad& picture, const geo::Tile& tile, const PictureFrame& frame) const {
  const bool onLeft = tile.source.column > 0;
  const bool onTop = tile.source.row > 0;
  const bool onRight = tile.source.column + tile.source.width < rasterWidth_;
  const bool onBottom = tile.source.row + tile.source.height < rasterHeight_;
  return std::any_of(picture.begin(), picture.end(), [&](const geo::Point& corner) {
    return (onLeft && corner.x <= kBorderPx) || (onTop && corner.y <= kBorderPx) ||
           (onRight && corner.x >= frame.width - kBorderPx) || (onBottom && corner.y >= frame.height - kBorderPx);
  });
}

bool contains(const std::vector<geo::Point>& polygon, geo::Point point) {
  bool inside = false;
  for (std::size_t i = 0, previous = polygon.size() - 1; i < polygon.size(); previous = i++) {
    const geo::Point& a = polygon[i];
    const geo::Point& b = polygon[previous];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

}  // namespace orthoscribe::tasks
