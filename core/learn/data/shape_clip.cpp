// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/shape_clip.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace orthoscribe::learn {
namespace {

constexpr double kLeastArea = 1e-6;  // square pixels

// The half plane where a * x + b * y <= c.
struct Border {
  double a, b, c;
  double outside(geo::Point point) const { return a * point.x + b * point.y - c; }
};

std::vector<geo::Point> cutBy(const std::vector<geo::Point>& polygon, const Border& border) {
  std::vector<geo::Point> kept;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const geo::Point from = polygon[i];
    const geo::Point to = polygon[(i + 1) % polygon.size()];
    const double before = border.outside(from);
    const double after = border.outside(to);
    if (before <= 0) kept.push_back(from);
    if ((before < 0 && after > 0) || (before > 0 && after < 0)) {
      const double share = before / (before - after);
      kept.push_back({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)});
    }
  }
  return kept;
}

// The rectangle around the points whose sides run along `angleDeg` and across it.
geo::Quad rectangleAlong(const std::vector<geo::Point>& points, double angleDeg) {
  const double angle = angleDeg * std::numbers::pi / 180.0;
  const geo::Point along{std::cos(angle), std::sin(angle)};
  double least = std::numeric_limits<double>::max();
  double most = -least;
  double nearest = least;
  double farthest = -least;
  for (const geo::Point point : points) {
    const double u = point.x * along.x + point.y * along.y;
    const double v = point.y * along.x - point.x * along.y;
    least = std::min(least, u);
    most = std::max(most, u);
    nearest = std::min(nearest, v);
    farthest = std::max(farthest, v);
  }
  const auto corner = [&](double u, double v) { return geo::Point{u * along.x - v * along.y, u * along.y + v * along.x}; };
  return {corner(least, nearest), corner(most, nearest), corner(most, farthest), corner(least, farthest)};
}

bool inside(geo::Point point, double width, double height) {
  return point.x >= 0 && point.y >= 0 && point.x <= width && point.y <= height;
}

}  // namespace

std::vector<geo::Point> visiblePart(std::span<const geo::Point> polygon, const geo::UprightBox& frame) {
  std::vector<geo::Point> visible(polygon.begin(), polygon.end());
  for (const Border& border :
       {Border{-1, 0, -frame.minX}, Border{1, 0, frame.maxX}, Border{0, -1, -frame.minY}, Border{0, 1, frame.maxY}})
    visible = cutBy(visible, border);
  if (visible.size() < 3 || !(geo::area(visible) > 0.0)) visible.clear();
  return visible;
}

std::optional<geo::Quad> clippedTo(const geo::Quad& quad, double width, double height) {
  if (std::ranges::all_of(quad, [&](geo::Point corner) { return inside(corner, width, height); })) return quad;
  const std::vector<geo::Point> visible = visiblePart(quad, {0, 0, width, height});
  if (visible.empty() || geo::area(visible) < kLeastArea) return std::nullopt;
  const double angle = geo::minimumAreaRectangle(quad).angleDeg;
  // Whole turns of a right angle are written without the rounding of sine and cosine.
  const double rest = std::abs(std::remainder(angle, 90.0));
  return rectangleAlong(visible, rest < 1e-9 ? 0.0 : angle);
}

double visibleShare(const geo::Quad& quad, double width, double height) {
  const double whole = geo::area(quad);
  if (whole < kLeastArea) return 0.0;
  const std::vector<geo::Point> visible = visiblePart(quad, {0, 0, width, height});
  return visible.empty() ? 0.0 : std::min(1.0, geo::area(visible) / whole);
}

bool hasNoArea(const geo::Quad& quad) {
  const geo::OrientedBox box = geo::minimumAreaRectangle(quad);
  return !(box.longSide * box.shortSide >= kLeastArea);
}

}  // namespace orthoscribe::learn
