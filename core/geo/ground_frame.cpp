// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/ground_frame.h"

#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "core/geo/polygon.h"

namespace orthoscribe::geo {
namespace {

struct ReleaseReference {
  void operator()(OGRSpatialReference* reference) const { reference->Release(); }
};

}  // namespace

GroundFrame::GroundFrame(const std::string& crs) {
  OGRSpatialReference reference = spatialReference(crs);
  const GdalMessages messages;
  reference.StripVertical();
  geographic_ = reference.IsGeographic();
  const std::unique_ptr<OGRSpatialReference, ReleaseReference> beneath(reference.IsLocal() ? nullptr : reference.CloneGeogCS());
  if (!beneath) {
    plane_ = true;
    metresPerUnit_ = reference.GetLinearUnits();
    return;
  }
  beneath->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  degreesPerUnit_ = beneath->GetAngularUnits() * 180.0 / std::numbers::pi;
  const double inverseFlattening = beneath->GetInvFlattening();
  geod_init(&ellipsoid_, beneath->GetSemiMajor(), inverseFlattening == 0.0 ? 0.0 : 1.0 / inverseFlattening);
  if (!geographic_) toLonLat_.emplace(reference, *beneath);
}

std::optional<Point> GroundFrame::lonLat(Point map) const {
  const std::optional<Point> place = toLonLat_ ? (*toLonLat_)(map) : map;
  if (!place) return std::nullopt;
  const Point degrees{place->x * degreesPerUnit_, place->y * degreesPerUnit_};
  if (!std::isfinite(degrees.x) || !(std::abs(degrees.y) <= 90.0)) return std::nullopt;
  return degrees;
}

std::optional<GroundFrame::Line> GroundFrame::line(Point from, Point to) const {
  if (plane_) {
    const double x = to.x - from.x;
    const double y = to.y - from.y;
    return Line{std::hypot(x, y) * metresPerUnit_, std::atan2(x, y) * 180.0 / std::numbers::pi};
  }
  const std::optional<Point> a = lonLat(from);
  const std::optional<Point> b = lonLat(to);
  if (!a || !b) return std::nullopt;
  Line result;
  double azimuthAtEnd = 0.0;
  geod_inverse(&ellipsoid_, a->y, a->x, b->y, b->x, &result.lengthM, &result.azimuthDeg, &azimuthAtEnd);
  if (!std::isfinite(result.lengthM)) return std::nullopt;
  return result;
}

std::optional<double> GroundFrame::areaM2(std::span<const Point> polygon) const {
  if (plane_) return area(polygon) * metresPerUnit_ * metresPerUnit_;
  std::vector<double> latitudes;
  std::vector<double> longitudes;
  for (const Point& corner : polygon) {
    const std::optional<Point> place = lonLat(corner);
    if (!place) return std::nullopt;
    longitudes.push_back(place->x);
    latitudes.push_back(place->y);
  }
  double result = 0.0;
  double perimeter = 0.0;
  geod_polygonarea(&ellipsoid_, latitudes.data(), longitudes.data(), static_cast<int>(polygon.size()), &result, &perimeter);
  return std::isfinite(result) ? std::optional(std::abs(result)) : std::nullopt;
}

}  // namespace orthoscribe::geo
