// SPDX-License-Identifier: GPL-2.0-or-later
// Areas and overlaps of polygons given by their corners, not closed, in either direction of turning.
#pragma once

#include <span>
#include <vector>

#include "core/geo/geotransform.h"

namespace orthoscribe::geo {

double area(std::span<const Point> polygon);  // square units, always positive

// Corners of the hull, turning from +x to +y, without those on a straight side. Fewer than three when all points lie on a line.
std::vector<Point> convexHull(std::span<const Point> points);

// Area shared by two simple polygons, convex or not, in square units. A polygon that crosses or touches itself is replaced by
// its convex hull (parity/README.md, polygon_iou.json).
double intersectionArea(std::span<const Point> a, std::span<const Point> b);

// Intersection over union of the same. Zero area, or coordinates that are not finite, give 0.
double polygonIou(std::span<const Point> a, std::span<const Point> b);

}  // namespace orthoscribe::geo
