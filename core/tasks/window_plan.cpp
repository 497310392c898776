// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/window_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/geo/polygon.h"

namespace orthoscribe::tasks {
namespace {

constexpr int kUsualSidePx = 448;
constexpr double kMostWindows = 1e6;
// An area at most this much larger than a window is shown in one, a little coarser, rather than in four that repeat each other.
constexpr double kStretchToFit = 1.15;
// Enlarged more than this, a picture is only blur.
constexpr double kMostEnlargement = 4.0;

std::string metres(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g m", value);
  return text;
}

// Raster pixels for one pixel of the picture.
double scaleFor(const geo::RasterSource& raster, const ModelInfo& model, const DetectOptions& options,
                std::vector<std::string>& warnings) {
  const double wanted = options.gsdM.value_or(model.groundResolutionM);
  if (!(wanted >= 0.0) || !std::isfinite(wanted)) {
    throw Error(ErrorCode::InvalidInput, "the ground resolution must be a number of metres, not below 0");
  }
  const std::optional<double> own = raster.groundResolutionM();
  if (wanted == 0.0) return 1.0;
  if (!own) {
    warnings.push_back("the ground resolution of " + raster.name() +
                       " is not known: it is looked at pixel by pixel, while the model " + "expects about " + metres(wanted) +
                       " a pixel");
    return 1.0;
  }
  const double scale = geo::scaleForResolution(raster, wanted);
  if (!options.gsdM && scale < 1.0 / kMostEnlargement) {
    warnings.push_back(raster.name() + " shows " + metres(*own) + " a pixel, much coarser than the " + metres(wanted) +
                       " that suit the model: it is looked at as it is, and small objects will not be found");
    return 1.0;
  }
  return scale;
}

double fitted(const geo::PixelRect& area, double scale, int imageSidePx) {
  const double side = std::round(scale * imageSidePx);
  const double longer = double(std::max(area.width, area.height));
  return longer > side && longer <= side * kStretchToFit ? longer / imageSidePx : scale;
}

void refuseTooMany(const geo::PixelRect& area, const geo::TilingOptions& tiling) {
  const double side = std::max(1.0, std::round(tiling.imageSidePx * tiling.scale));
  const double step = std::max(1.0, side * (1.0 - tiling.overlap));
  const auto count = [&](std::int64_t length) { return std::max(0.0, std::ceil((double(length) - side) / step)) + 1.0; };
  const double windows = count(area.width) * count(area.height);
  if (windows <= kMostWindows) return;
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", windows);
  throw Error(ErrorCode::InvalidInput, "the area needs " + std::string(text) + " windows",
              "choose a smaller area or a coarser ground resolution");
}

geo::PixelRect intersection(const geo::PixelRect& a, const geo::PixelRect& b) {
  const std::int64_t column = std::max(a.column, b.column);
  const std::int64_t row = std::max(a.row, b.row);
  return {column, row, std::min(a.column + a.width, b.column + b.width) - column,
          std::min(a.row + a.height, b.row + b.height) - row};
}

geo::PixelRect boundsOf(const std::vector<std::vector<geo::Point>>& polygons) {
  double minX = 1e15, minY = 1e15, maxX = -1e15, maxY = -1e15;
  for (const auto& polygon : polygons) {
    for (const geo::Point& point : polygon) {
      minX = std::clamp(point.x, -1e15, minX);
      minY = std::clamp(point.y, -1e15, minY);
      maxX = std::clamp(point.x, maxX, 1e15);
      maxY = std::clamp(point.y, maxY, 1e15);
    }
  }
  const auto column = static_cast<std::int64_t>(std::floor(minX));
  const auto row = static_cast<std::int64_t>(std::floor(minY));
  return {column, row, static_cast<std::int64_t>(std::ceil(maxX)) - column, static_cast<std::int64_t>(std::ceil(maxY)) - row};
}

bool touchesOne(const geo::PixelRect& rect, const std::vector<std::vector<geo::Point>>& polygons) {
  const double left = double(rect.column);
  const double top = double(rect.row);
  const double right = left + double(rect.width);
  const double bottom = top + double(rect.height);
  const geo::Quad window = {geo::Point{left, top}, {right, top}, {right, bottom}, {left, bottom}};
  return std::any_of(polygons.begin(), polygons.end(),
                     [&](const auto& polygon) { return geo::intersectionArea(window, polygon) > 0.0; });
}

}  // namespace

geo::PixelRect areaOnRaster(const geo::RasterSource& raster, const std::optional<geo::PixelRect>& area) {
  const geo::PixelRect whole{0, 0, raster.width(), raster.height()};
  const geo::PixelRect rect = area ? intersection(*area, whole) : whole;
  if (rect.width <= 0 || rect.height <= 0) {
    throw Error(ErrorCode::InvalidInput, "the area lies outside " + raster.name(), "choose one that meets the raster");
  }
  return rect;
}

WindowPlan planWindows(const geo::RasterSource& raster, const ModelInfo& model, const DetectOptions& options) {
  if (!(options.overlap >= 0.0) || options.overlap > 0.9) {
    throw Error(ErrorCode::InvalidInput, "the overlap of windows must be between 0 and 0.9");
  }
  WindowPlan plan;
  plan.area = areaOnRaster(raster, options.area);
  if (!options.polygons.empty()) plan.area = areaOnRaster(raster, intersection(plan.area, boundsOf(options.polygons)));
  plan.imageSidePx = model.imageSidePx > 0 ? model.imageSidePx : kUsualSidePx;

  geo::TilingOptions tiling;
  tiling.imageSidePx = plan.imageSidePx;
  tiling.overlap = options.overlap;
  tiling.scale = fitted(plan.area, scaleFor(raster, model, options, plan.warnings), plan.imageSidePx);
  refuseTooMany(plan.area, tiling);
  plan.tiles = geo::planTiles(plan.area, tiling);
  if (const auto own = raster.groundResolutionM(); own && !plan.tiles.empty()) {
    plan.gsdM = *own * double(plan.tiles.front().source.width) / plan.imageSidePx;
  }
  if (!options.polygons.empty()) {
    std::erase_if(plan.tiles, [&](const geo::Tile& tile) { return !touchesOne(tile.source, options.polygons); });
  }
  return plan;
}

}  // namespace orthoscribe::tasks
