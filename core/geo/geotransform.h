// SPDX-License-Identifier: GPL-2.0-or-later
// The affine map from pixels to map coordinates, in GDAL's order of coefficients.
#pragma once

#include <array>

namespace orthoscribe::geo {

// In a raster's pixel frame: x is the column, y the row, (0, 0) the outer corner of the first pixel, pixel centres at
// +0.5. In a map frame: in the units of the CRS.
struct Point {
  double x = 0.0;
  double y = 0.0;
  bool operator==(const Point&) const = default;
};

struct Geotransform {
  // x = c[0] + column * c[1] + row * c[2];  y = c[3] + column * c[4] + row * c[5]   (GDAL raster data model)
  std::array<double, 6> c = {0, 1, 0, 0, 0, 1};

  Point toMap(Point pixel) const;
  // Throws Error{InvalidInput} when the transform cannot be inverted.
  Geotransform inverse() const;
  // The transform of a window that starts at pixel (column, row) and whose pixels are scaleX, scaleY raster pixels wide and high.
  Geotransform window(double column, double row, double scaleX, double scaleY) const;
  bool operator==(const Geotransform&) const = default;
};

}  // namespace orthoscribe::geo
