// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/geotransform.h"

#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::geo {

Point Geotransform::toMap(Point pixel) const {
  return {c[0] + pixel.x * c[1] + pixel.y * c[2], c[3] + pixel.x * c[4] + pixel.y * c[5]};
}

Geotransform Geotransform::inverse() const {
  const double determinant = c[1] * c[5] - c[2] * c[4];
  // Relative to the lengths of the two pixel sides, so that degrees and metres are judged alike.
  const double sides = std::hypot(c[1], c[4]) * std::hypot(c[2], c[5]);
  if (!std::isfinite(determinant) || std::abs(determinant) <= 1e-12 * sides || sides == 0.0) {
    throw Error(ErrorCode::InvalidInput, "the raster's geotransform cannot be inverted: its pixels have no area on the map",
                "give the raster a valid georeference, for example with gdal_edit.py -a_ullr");
  }
  Geotransform result;
  result.c[1] = c[5] / determinant;
  result.c[2] = -c[2] / determinant;
  result.c[4] = -c[4] / determinant;
  result.c[5] = c[1] / determinant;
  result.c[0] = -(c[0] * result.c[1] + c[3] * result.c[2]);
  result.c[3] = -(c[0] * result.c[4] + c[3] * result.c[5]);
  return result;
}

Geotransform Geotransform::window(double column, double row, double scaleX, double scaleY) const {
  const Point origin = toMap({column, row});
  return {{origin.x, c[1] * scaleX, c[2] * scaleY, origin.y, c[4] * scaleX, c[5] * scaleY}};
}

}  // namespace orthoscribe::geo
