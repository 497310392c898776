// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/box_overlap.h"

#include <algorithm>
#include <span>

#include "core/geo/polygon.h"

namespace orthoscribe::learn {
namespace {

struct Bounds {
  double left, top, right, bottom;
  double area() const { return (right - left) * (bottom - top); }
};

Bounds boundsOf(std::span<const geo::Point> outline) {
  Bounds bounds{outline[0].x, outline[0].y, outline[0].x, outline[0].y};
  for (const geo::Point& corner : outline) {
    bounds.left = std::min(bounds.left, corner.x);
    bounds.top = std::min(bounds.top, corner.y);
    bounds.right = std::max(bounds.right, corner.x);
    bounds.bottom = std::max(bounds.bottom, corner.y);
  }
  return bounds;
}

}  // namespace

double uprightOverlap(const geo::Quad& a, const geo::Quad& b) {
  const Bounds one = boundsOf(a);
  const Bounds other = boundsOf(b);
  const double width = std::min(one.right, other.right) - std::max(one.left, other.left);
  const double height = std::min(one.bottom, other.bottom) - std::max(one.top, other.top);
  if (!(width > 1) || !(height > 1)) return 0;
  const double shared = width * height;
  return shared / (one.area() + other.area() - shared);
}

double outlineOverlap(const std::vector<geo::Point>& a, const std::vector<geo::Point>& b) {
  if (a.empty() || b.empty()) return 0;
  const Bounds one = boundsOf(a);
  const Bounds other = boundsOf(b);
  const bool apart = one.left > other.right || other.left > one.right || one.top > other.bottom || other.top > one.bottom;
  return apart ? 0 : geo::polygonIou(a, b);
}

}  // namespace orthoscribe::learn
