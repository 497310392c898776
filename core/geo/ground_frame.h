// SPDX-License-Identifier: GPL-2.0-or-later
// Distances and areas on the ground between places given in map coordinates.
#pragma once

#include <geodesic.h>

#include <optional>
#include <span>
#include <string>

#include "core/geo/gdal_support.h"

namespace orthoscribe::geo {

// Measures by geodesics on the ellipsoid of the CRS, whatever body it belongs to (Karney 2013, as PROJ has it); a CRS without
// ellipsoid (local, engineering) by its plane and unit.
class GroundFrame {
 public:
  // Throws Error{InvalidInput} when PROJ does not understand the text.
  explicit GroundFrame(const std::string& crs);

  struct Line {
    double lengthM = 0.0;
    double azimuthDeg = 0.0;  // at the start, clockwise from true north, -180..180; in a plane from +y
  };
  // Nothing where the CRS is not defined.
  std::optional<Line> line(Point from, Point to) const;
  std::optional<double> areaM2(std::span<const Point> polygon) const;
  // The CRS's own coordinates are longitude and latitude: its grid north is true north.
  bool isGeographic() const { return geographic_; }

 private:
  // Longitude and latitude in degrees.
  std::optional<Point> lonLat(Point map) const;

  bool geographic_ = false;
  double degreesPerUnit_ = 1.0;  // of the geographic CRS beneath
  double metresPerUnit_ = 1.0;   // of a plane
  std::optional<PointTransform> toLonLat_;
  bool plane_ = false;
  geod_geodesic ellipsoid_{};
};

}  // namespace orthoscribe::geo
