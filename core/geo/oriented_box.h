// SPDX-License-Identifier: GPL-2.0-or-later
// The one internal form of a rotated box (DESIGN, "Box angle").
#pragma once

#include <array>
#include <span>

#include "core/geo/geotransform.h"
#include "core/geo/polygon.h"

namespace orthoscribe::geo {

// Pixels, y down. angleDeg is that of the long side, clockwise on the screen from +x, -90 <= angleDeg < 90.
struct OrientedBox {
  Point centre;
  double longSide = 0.0;
  double shortSide = 0.0;
  double angleDeg = 0.0;
};

using Quad = std::array<Point, 4>;

// A box whose first side (width) lies at `angleDeg` clockwise from +x; sides are swapped and the angle reduced to the
// internal range. Negative sides are taken as positive.
OrientedBox makeOrientedBox(Point centre, double width, double height, double angleDeg);

// Corners: for angle 0 top left, top right, bottom right, bottom left; turned with the box.
Quad corners(const OrientedBox& box);

// The rectangle of smallest area around the points. Fewer than three different points give a box without area.
OrientedBox minimumAreaRectangle(std::span<const Point> points);

}  // namespace orthoscribe::geo
