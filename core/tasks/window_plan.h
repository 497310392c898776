// SPDX-License-Identifier: GPL-2.0-or-later
// Which windows of a raster a model looks at to find objects, and how finely.
#pragma once

#include <string>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/geo/raster.h"
#include "core/geo/tiling.h"
#include "core/tasks/detect.h"

namespace orthoscribe::tasks {

struct WindowPlan {
  geo::PixelRect area;  // within the raster
  int imageSidePx = 0;  // of the square picture of each window
  double gsdM = 0.0;    // metres a pixel of the picture; 0: unknown
  std::vector<geo::Tile> tiles;
  std::vector<std::string> warnings;
};

// The part of `area` that lies on the raster; the whole raster when absent. Throws Error{InvalidInput} when nothing does.
geo::PixelRect areaOnRaster(const geo::RasterSource& raster, const std::optional<geo::PixelRect>& area);

// Windows that touch none of options.polygons are left out. Throws Error{InvalidInput} for options that make no sense and for
// more windows than anybody can wait for.
WindowPlan planWindows(const geo::RasterSource& raster, const ModelInfo& model, const DetectOptions& options);

}  // namespace orthoscribe::tasks
