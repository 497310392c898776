// SPDX-License-Identifier: GPL-2.0-or-later
// Puts boxes of a picture onto the map.
#pragma once

#include <optional>
#include <vector>

#include "core/geo/detection.h"
#include "core/geo/raster.h"
#include "core/geo/tiling.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

class BoxPlacement {
 public:
  // polygons: raster pixels; empty: the whole area counts.
  BoxPlacement(const geo::RasterSource& raster, const geo::PixelRect& area, std::vector<std::vector<geo::Point>> polygons);

  // Corners go picture -> raster -> map by the full geotransform, each by itself, so that nothing is straightened on the way.
  // Nothing when the box has no area or reaches far beyond the picture, or its centre lies outside the picture, the area or all
  // polygons.
  std::optional<geo::Detection> place(const SpokenBox& box, const geo::Tile& tile, const PictureFrame& frame,
                                      std::optional<double> score) const;

 private:
  bool wanted(geo::Point centre) const;
  // A corner at the border of the window, where the raster goes on.
  bool cut(const geo::Quad& picture, const geo::Tile& tile, const PictureFrame& frame) const;

  geo::Geotransform toMap_;
  std::int64_t rasterWidth_;
  std::int64_t rasterHeight_;
  geo::PixelRect area_;
  std::vector<std::vector<geo::Point>> polygons_;
};

// Even-odd rule; points on the outline may count either way.
bool contains(const std::vector<geo::Point>& polygon, geo::Point point);

}  // namespace orthoscribe::tasks
