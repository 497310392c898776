// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/geo/gdal_support.h"
#include "core/geo/polygon.h"
#include "core/geo/raster.h"

namespace orthoscribe::geo {
namespace {

// Points a side: straight lines bend when they are transformed.
constexpr int kDensity = 32;

[[noreturn]] void throwOutside(const RasterSource& raster) {
  throw Error(ErrorCode::InvalidInput, "the bounding box lies outside " + raster.name(),
              "give bounds that meet the raster, in its own coordinates or with their coordinate reference system named");
}

std::optional<PointTransform> transformTo(const RasterSource& raster, const std::string& boundsCrs) {
  if (boundsCrs.empty()) return std::nullopt;
  const OGRSpatialReference from = spatialReference(boundsCrs);
  if (raster.crsWkt().empty()) {
    throw Error(ErrorCode::InvalidInput,
                raster.name() + " has no coordinate reference system, so bounds in " + boundsCrs + " cannot be found on it",
                "give the bounds in the raster's own coordinates");
  }
  const OGRSpatialReference to = spatialReference(raster.crsWkt());
  if (from.IsSame(&to)) return std::nullopt;
  return std::make_optional<PointTransform>(from, to);
}

// Raster pixels of a grid over the bounds, not only of its outline: the bounds may hold a pole.
std::vector<Point> pixelsOf(const RasterSource& raster, const Bounds& bounds, const std::optional<PointTransform>& transform) {
  const Geotransform toPixel = raster.geotransform().inverse();
  std::vector<Point> pixels;
  for (int i = 0; i <= kDensity; ++i) {
    for (int j = 0; j <= kDensity; ++j) {
      const Point place{bounds.minX + (bounds.maxX - bounds.minX) * i / kDensity,
                        bounds.minY + (bounds.maxY - bounds.minY) * j / kDensity};
      const std::optional<Point> map = transform ? (*transform)(place) : place;
      if (map) pixels.push_back(toPixel.toMap(*map));
    }
  }
  return pixels;
}

}  // namespace

PixelRect pixelRectOf(const RasterSource& raster, const Bounds& bounds, const std::string& boundsCrs) {
  if (!(bounds.minX < bounds.maxX) || !(bounds.minY < bounds.maxY) || !std::isfinite(bounds.maxX - bounds.minX) ||
      !std::isfinite(bounds.maxY - bounds.minY)) {
    throw Error(ErrorCode::InvalidInput, "the bounding box is empty", "give it as minimum x, minimum y, maximum x, maximum y");
  }
  prepareGdal();
  const std::vector<Point> pixels = pixelsOf(raster, bounds, transformTo(raster, boundsCrs));
  const double width = static_cast<double>(raster.width());
  const double height = static_cast<double>(raster.height());
  const std::array<Point, 4> whole = {Point{0, 0}, Point{width, 0}, Point{width, height}, Point{0, height}};
  // On a turned raster the upright rectangle around the bounds may meet it where the bounds do not.
  if (pixels.empty() || !(intersectionArea(convexHull(pixels), whole) > 0.0)) throwOutside(raster);

  const auto [left, right] = std::minmax_element(pixels.begin(), pixels.end(), [](Point a, Point b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(pixels.begin(), pixels.end(), [](Point a, Point b) { return a.y < b.y; });
  // Bounds on a pixel's border shall not take the next pixel because of rounding.
  constexpr double kRounding = 1e-6;
  const auto first = [](double value, double size) { return std::clamp(std::floor(value + kRounding), 0.0, size - 1.0); };
  const auto end = [](double value, double begin, double size) {
    return std::clamp(std::ceil(value - kRounding), begin + 1.0, size);
  };
  const double column = first(left->x, width);
  const double row = first(top->y, height);
  return {static_cast<std::int64_t>(column), static_cast<std::int64_t>(row),
          static_cast<std::int64_t>(end(right->x, column, width) - column),
          static_cast<std::int64_t>(end(bottom->y, row, height) - row)};
}

}  // namespace orthoscribe::geo
