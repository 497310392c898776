// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/tiling.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/base/error.h"

namespace orthoscribe::geo {
namespace {

// Starts of windows along one axis. When the axis is shorter than a window, the only one starts with it and reaches over.
std::vector<std::int64_t> starts(std::int64_t begin, std::int64_t length, std::int64_t side, std::int64_t step) {
  std::vector<std::int64_t> result{begin};
  if (length <= side) return result;
  while (result.back() + side < begin + length) result.push_back(std::min(result.back() + step, begin + length - side));
  return result;
}

}  // namespace

double scaleForResolution(const RasterSource& raster, double targetGsdM) {
  const std::optional<double> resolution = raster.groundResolutionM();
  if (!resolution || !(*resolution > 0.0) || !(targetGsdM > 0.0) || !std::isfinite(targetGsdM)) return 1.0;
  return targetGsdM / *resolution;
}

std::vector<Tile> planTiles(const PixelRect& area, const TilingOptions& options) {
  if (area.width <= 0 || area.height <= 0) return {};
  if (options.imageSidePx <= 0) throw Error(ErrorCode::InvalidInput, "the image side of a tile must be positive");
  if (!(options.overlap >= 0.0) || options.overlap >= 1.0) {
    throw Error(ErrorCode::InvalidInput, "overlap is " + std::to_string(options.overlap) + ", it must be at least 0 and below 1");
  }
  if (!(options.scale > 0.0) || !std::isfinite(options.scale)) {
    throw Error(ErrorCode::InvalidInput, "scale is " + std::to_string(options.scale) + ", it must be above 0");
  }
  // No raster is wider than 2^31 pixels, so a larger window is the same as that.
  const double wanted = std::clamp(std::round(options.imageSidePx * options.scale), 1.0, 2147483648.0);
  const auto side = static_cast<std::int64_t>(wanted);
  const auto step = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::round(wanted * (1.0 - options.overlap))));

  std::vector<Tile> tiles;
  for (const std::int64_t row : starts(area.row, area.height, side, step)) {
    for (const std::int64_t column : starts(area.column, area.width, side, step)) {
      tiles.push_back({static_cast<int>(tiles.size()), {column, row, side, side}});
    }
  }
  return tiles;
}

}  // namespace orthoscribe::geo
