// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/gdal_support.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "core/base/error.h"

namespace orthoscribe::geo {
namespace {

// Holds the block rows under one row of windows of a raster 30 000 pixels wide; more buys no speed.
constexpr GIntBig kCacheBytes = 256LL << 20;
constexpr std::size_t kLongestMessage = 240;

std::string oneShortLine(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  if (text.size() <= kLongestMessage) return text;
  std::size_t end = kLongestMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

void prepareGdal() {
  static std::once_flag once;
  std::call_once(once, [] {
    GDALAllRegister();
    // The host, QGIS for one, may have chosen less already.
    if (!CPLGetConfigOption("GDAL_CACHEMAX", nullptr)) GDALSetCacheMax64(std::min(GDALGetCacheMax64(), kCacheBytes));
  });
}

GdalMessages::GdalMessages() {
  CPLPushErrorHandlerEx(&GdalMessages::collect, this);
  CPLErrorReset();
}

GdalMessages::~GdalMessages() {
  CPLPopErrorHandler();
  CPLErrorReset();
}

void CPL_STDCALL GdalMessages::collect(CPLErr kind, CPLErrorNum, const char* text) {
  auto* self = static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
  if (kind < CE_Failure) return;
  self->failed_ = true;
  if (self->failure_.empty()) self->failure_ = oneShortLine(text ? text : "");
}

OGRSpatialReference spatialReference(const std::string& text) {
  const GdalMessages messages;
  OGRSpatialReference reference;
  // Only texts: neither files nor addresses are followed.
  if (reference.SetFromUserInput(text.c_str(), OGRSpatialReference::SET_FROM_USER_INPUT_LIMITATIONS_get()) != OGRERR_NONE) {
    throw Error(ErrorCode::InvalidInput, "'" + oneShortLine(text).substr(0, 80) + "' is not a coordinate reference system",
                "give a code like EPSG:4326, WKT or a PROJ string");
  }
  reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return reference;
}

PointTransform::PointTransform(const OGRSpatialReference& from, const OGRSpatialReference& to) {
  const GdalMessages messages;
  transformation_.reset(OGRCreateCoordinateTransformation(&from, &to));
  if (transformation_) return;
  throw Error(ErrorCode::InvalidInput,
              std::string("there is no transformation from ") + from.GetName() + " to " + to.GetName() +
                  (messages.failed() ? ": " + messages.failure() : ""),
              "give coordinates in the raster's own system");
}

std::optional<Point> PointTransform::operator()(Point point) const {
  const GdalMessages messages;
  int success = FALSE;
  transformation_->Transform(1, &point.x, &point.y, nullptr, &success);
  if (!success || !std::isfinite(point.x) || !std::isfinite(point.y)) return std::nullopt;
  return point;
}

}  // namespace orthoscribe::geo
