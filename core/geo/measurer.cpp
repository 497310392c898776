// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/geo/ground_frame.h"
#include "core/geo/layer_writer.h"

namespace orthoscribe::geo {
namespace {

// To 0 <= a < 180: a side has no direction.
double halfTurn(double degrees) {
  double reduced = std::fmod(degrees, 180.0);
  if (reduced < 0.0) reduced += 180.0;
  return reduced >= 180.0 ? 0.0 : reduced;
}

Point middle(Point a, Point b) {
  return {(a.x + b.x) / 2.0, (a.y + b.y) / 2.0};
}

struct Side {
  Point from;  // middle of one end of the box
  Point to;    // middle of the end across from it
  std::optional<GroundFrame::Line> ground;

  double planeLength() const { return std::hypot(to.x - from.x, to.y - from.y); }
  double planeAzimuth() const { return std::atan2(to.x - from.x, to.y - from.y) * 180.0 / std::numbers::pi; }
};

}  // namespace

struct Measurer::Impl {
  std::optional<GroundFrame> frame;

  // Along the box through its middle, which for a parallelogram is as long and as turned as the two sides it lies between.
  Side side(Point from, Point to) const { return {from, to, frame ? frame->line(from, to) : std::nullopt}; }
};

Measurer::Measurer(const std::string& wkt) : impl_(std::make_unique<Impl>()) {
  prepareGdal();
  if (!wkt.empty()) impl_->frame.emplace(wkt);
}

Measurer::~Measurer() = default;

GroundMeasures Measurer::measure(const Quad& quad) const {
  Side longSide = impl_->side(middle(quad[3], quad[0]), middle(quad[1], quad[2]));
  Side shortSide = impl_->side(middle(quad[0], quad[1]), middle(quad[2], quad[3]));
  const bool onGround = longSide.ground && shortSide.ground;
  // In degrees the longer side need not be the longer one on the ground.
  const bool swapped =
      onGround ? shortSide.ground->lengthM > longSide.ground->lengthM : shortSide.planeLength() > longSide.planeLength();
  if (swapped) std::swap(longSide, shortSide);

  GroundMeasures result;
  const bool alongMeridians = impl_->frame && impl_->frame->isGeographic();
  result.azimuthDeg = halfTurn(onGround && alongMeridians ? longSide.ground->azimuthDeg : longSide.planeAzimuth());
  if (!std::isfinite(result.azimuthDeg)) result.azimuthDeg = 0.0;
  if (!onGround) return result;
  result.lengthM = longSide.ground->lengthM;
  result.widthM = shortSide.ground->lengthM;
  result.areaM2 = impl_->frame->areaM2(quad);
  return result;
}

}  // namespace orthoscribe::geo
