// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/polygon.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace orthoscribe::geo {
namespace {

// Below this share of the squared extent an area is rounding, not shape.
constexpr double kFlat = 1e-13;

double cross(Point origin, Point a, Point b) {
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}

// Positive when turning from +x to +y. Relative to the first corner, because map coordinates are large beside a box.
double signedArea(std::span<const Point> polygon) {
  double twice = 0.0;
  for (std::size_t i = 2; i < polygon.size(); ++i) twice += cross(polygon[0], polygon[i - 1], polygon[i]);
  return twice / 2.0;
}

double squaredExtent(std::span<const Point> polygon) {
  double extent = 0.0;
  for (const Point& point : polygon) {
    extent = std::max({extent, std::abs(point.x - polygon[0].x), std::abs(point.y - polygon[0].y)});
  }
  return extent * extent;
}

bool onSegment(Point start, Point end, Point point) {
  return std::min(start.x, end.x) <= point.x && point.x <= std::max(start.x, end.x) && std::min(start.y, end.y) <= point.y &&
         point.y <= std::max(start.y, end.y);
}

bool segmentsMeet(Point a, Point b, Point c, Point d) {
  const double sideC = cross(a, b, c);
  const double sideD = cross(a, b, d);
  const double sideA = cross(c, d, a);
  const double sideB = cross(c, d, b);
  if (((sideC > 0) != (sideD > 0)) && sideC != 0 && sideD != 0 && ((sideA > 0) != (sideB > 0)) && sideA != 0 && sideB != 0) {
    return true;
  }
  return (sideC == 0 && onSegment(a, b, c)) || (sideD == 0 && onSegment(a, b, d)) || (sideA == 0 && onSegment(c, d, a)) ||
         (sideB == 0 && onSegment(c, d, b));
}

bool isConvex(std::span<const Point> polygon) {
  const std::size_t count = polygon.size();
  bool left = false;
  bool right = false;
  int turnsOfX = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Point& before = polygon[i];
    const Point& here = polygon[(i + 1) % count];
    const Point& after = polygon[(i + 2) % count];
    const double turn = cross(before, here, after);
    left = left || turn > 0;
    right = right || turn < 0;
    // All turns go one way in a pentagram too; going round once means that x turns back twice.
    if ((here.x >= before.x) != (after.x >= here.x)) ++turnsOfX;
  }
  return !(left && right) && turnsOfX <= 2;
}

bool isSimple(std::span<const Point> polygon) {
  const std::size_t count = polygon.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Point& start = polygon[i];
    const Point& end = polygon[(i + 1) % count];
    const Point& next = polygon[(i + 2) % count];
    const bool backwards = (end.x - start.x) * (next.x - end.x) + (end.y - start.y) * (next.y - end.y) < 0;
    if (backwards && cross(start, end, next) == 0) return false;
    for (std::size_t j = i + 2; j < count; ++j) {
      if (i == 0 && j == count - 1) continue;
      if (segmentsMeet(start, end, polygon[j], polygon[(j + 1) % count])) return false;
    }
  }
  return true;
}

// Buffers that live as long as one comparison; most polygons are boxes, so heap growth is rare.
using Corners = std::vector<Point>;

// Area of `subject` inside `clip`, both convex; `clip` turning from +x to +y (Sutherland and Hodgman 1974).
double convexIntersection(std::span<const Point> subject, std::span<const Point> clip, Corners& current, Corners& next) {
  current.assign(subject.begin(), subject.end());
  for (std::size_t edge = 0; edge < clip.size() && current.size() > 2; ++edge) {
    const Point& from = clip[edge];
    const Point& to = clip[(edge + 1) % clip.size()];
    next.clear();
    double sideBefore = cross(from, to, current.back());
    for (std::size_t i = 0; i < current.size(); ++i) {
      const Point& before = current[i == 0 ? current.size() - 1 : i - 1];
      const Point& here = current[i];
      const double side = cross(from, to, here);
      if ((side >= 0) != (sideBefore >= 0)) {
        const double share = sideBefore / (sideBefore - side);
        next.push_back({before.x + share * (here.x - before.x), before.y + share * (here.y - before.y)});
      }
      if (side >= 0) next.push_back(here);
      sideBefore = side;
    }
    std::swap(current, next);
  }
  return current.size() > 2 ? std::abs(signedArea(current)) : 0.0;
}

// A polygon is the sum of the triangles between one point and its sides, each with the sign of its turning; so the
// intersection of two is the sum over pairs of triangles.
double generalIntersection(std::span<const Point> a, std::span<const Point> b, Corners& current, Corners& next) {
  double sum = 0.0;
  for (std::size_t i = 2; i < a.size(); ++i) {
    const std::array<Point, 3> first = {a[0], a[i - 1], a[i]};
    const double firstTurn = cross(first[0], first[1], first[2]);
    if (firstTurn == 0) continue;
    for (std::size_t j = 2; j < b.size(); ++j) {
      std::array<Point, 3> second = {b[0], b[j - 1], b[j]};
      const double secondTurn = cross(second[0], second[1], second[2]);
      if (secondTurn == 0) continue;
      if (secondTurn < 0) std::swap(second[1], second[2]);
      const double shared = convexIntersection(first, second, current, next);
      sum += (firstTurn > 0) == (secondTurn > 0) ? shared : -shared;
    }
  }
  return std::max(sum, 0.0);
}

struct Prepared {
  Corners corners;  // turning from +x to +y, relative to a common origin
  double area = 0.0;
  bool convex = false;
};

Prepared prepare(std::span<const Point> polygon, Point origin) {
  Prepared result;
  for (const Point& point : polygon) {
    const Point moved{point.x - origin.x, point.y - origin.y};
    if (!std::isfinite(moved.x) || !std::isfinite(moved.y)) return {};
    if (result.corners.empty() || !(result.corners.back() == moved)) result.corners.push_back(moved);
  }
  while (result.corners.size() > 1 && result.corners.front() == result.corners.back()) result.corners.pop_back();
  result.convex = isConvex(result.corners);
  if (!result.convex && !isSimple(result.corners)) {
    result.corners = convexHull(result.corners);
    result.convex = true;
  }
  const double turning = signedArea(result.corners);
  if (turning < 0) std::reverse(result.corners.begin(), result.corners.end());
  result.area = std::abs(turning);
  if (result.corners.empty() || result.area <= kFlat * squaredExtent(result.corners)) result.area = 0.0;
  return result;
}

double sharedArea(const Prepared& a, const Prepared& b) {
  if (a.area == 0.0 || b.area == 0.0) return 0.0;
  Corners current;
  Corners next;
  current.reserve(16);
  next.reserve(16);
  if (a.convex && b.convex) return convexIntersection(a.corners, b.corners, current, next);
  return generalIntersection(a.corners, b.corners, current, next);
}

}  // namespace

double area(std::span<const Point> polygon) {
  return std::abs(signedArea(polygon));
}

std::vector<Point> convexHull(std::span<const Point> points) {
  std::vector<Point> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end(), [](Point a, Point b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  if (sorted.size() < 3) return sorted;

  // Andrew's monotone chain: one side from left to right, then back.
  std::vector<Point> hull;
  const auto extend = [&hull](Point point, std::size_t keep) {
    while (hull.size() >= keep + 2 && cross(hull[hull.size() - 2], hull.back(), point) <= 0) hull.pop_back();
    hull.push_back(point);
  };
  for (const Point& point : sorted) extend(point, 0);
  const std::size_t there = hull.size() - 1;
  for (std::size_t i = sorted.size() - 1; i-- > 0;) extend(sorted[i], there);
  hull.pop_back();
  return hull;
}

double intersectionArea(std::span<const Point> a, std::span<const Point> b) {
  if (a.size() < 3 || b.size() < 3) return 0.0;
  return sharedArea(prepare(a, a[0]), prepare(b, a[0]));
}

double polygonIou(std::span<const Point> a, std::span<const Point> b) {
  if (a.size() < 3 || b.size() < 3) return 0.0;
  const Prepared first = prepare(a, a[0]);
  const Prepared second = prepare(b, a[0]);
  const double shared = sharedArea(first, second);
  if (shared <= 0.0) return 0.0;
  return std::min(1.0, shared / (first.area + second.area - shared));
}

}  // namespace orthoscribe::geo
