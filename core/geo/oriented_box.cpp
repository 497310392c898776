// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/oriented_box.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace orthoscribe::geo {
namespace {

constexpr double kDegrees = 180.0 / std::numbers::pi;

// To -90 <= angle < 90; a side has no direction, so half a turn changes nothing.
double reduceHalfTurn(double angleDeg) {
  double reduced = std::fmod(angleDeg + 90.0, 180.0);
  if (reduced < 0.0) reduced += 180.0;
  // Adding 180 to a tiny negative rest rounds to 180 itself.
  return reduced >= 180.0 ? -90.0 : reduced - 90.0;
}

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double length() const { return high - low; }
  double middle() const { return (low + high) / 2.0; }
};

}  // namespace

OrientedBox makeOrientedBox(Point centre, double width, double height, double angleDeg) {
  width = std::abs(width);
  height = std::abs(height);
  if (height > width) {
    std::swap(width, height);
    angleDeg += 90.0;
  }
  return {centre, width, height, reduceHalfTurn(angleDeg)};
}

Quad corners(const OrientedBox& box) {
  const double angle = box.angleDeg / kDegrees;
  const Point along{std::cos(angle) * box.longSide / 2.0, std::sin(angle) * box.longSide / 2.0};
  const Point across{-std::sin(angle) * box.shortSide / 2.0, std::cos(angle) * box.shortSide / 2.0};
  const auto corner = [&](double alongSign, double acrossSign) {
    return Point{box.centre.x + alongSign * along.x + acrossSign * across.x,
                 box.centre.y + alongSign * along.y + acrossSign * across.y};
  };
  return {corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)};
}

OrientedBox minimumAreaRectangle(std::span<const Point> points) {
  const std::vector<Point> hull = convexHull(points);
  if (hull.empty()) return {};
  if (hull.size() == 1) return {hull[0], 0.0, 0.0, 0.0};

  // One side of the smallest rectangle lies on a side of the hull (Freeman and Shapira 1975). Every side is tried against
  // every corner: hulls of boxes and masks are short.
  OrientedBox best;
  double bestArea = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const Point& from = hull[i];
    const Point& to = hull[(i + 1) % hull.size()];
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    const Point direction{(to.x - from.x) / length, (to.y - from.y) / length};
    Extent along;
    Extent across;
    for (const Point& point : hull) {
      const Point offset{point.x - from.x, point.y - from.y};
      along.include(offset.x * direction.x + offset.y * direction.y);
      across.include(offset.y * direction.x - offset.x * direction.y);
    }
    const double size = along.length() * across.length();
    if (size >= bestArea) continue;
    bestArea = size;
    const Point centre{from.x + along.middle() * direction.x - across.middle() * direction.y,
                       from.y + along.middle() * direction.y + across.middle() * direction.x};
    best = makeOrientedBox(centre, along.length(), across.length(), std::atan2(direction.y, direction.x) * kDegrees);
  }
  return best;
}

}  // namespace orthoscribe::geo
