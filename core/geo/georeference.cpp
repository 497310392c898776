// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/georeference.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/error.h"
#include "core/geo/ground_frame.h"

namespace orthoscribe::geo {
namespace {

constexpr double kLargestResidualPx = 1.0;

std::string wktOf(const OGRSpatialReference* reference) {
  if (!reference || reference->IsEmpty()) return {};
  char* text = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", "MULTILINE=NO", nullptr};
  std::string wkt;
  if (reference->exportToWkt(&text, options) == OGRERR_NONE && text) wkt = text;
  CPLFree(text);
  return wkt;
}

bool invertible(const Geotransform& transform) {
  try {
    transform.inverse();
    return true;
  } catch (const Error&) {
    return false;
  }
}

double largestResidual(const Geotransform& transform, const GDAL_GCP* points, int count) {
  const Geotransform toPixel = transform.inverse();
  double largest = 0.0;
  for (int i = 0; i < count; ++i) {
    const Point pixel = toPixel.toMap({points[i].dfGCPX, points[i].dfGCPY});
    largest = std::max(largest, std::hypot(pixel.x - points[i].dfGCPPixel, pixel.y - points[i].dfGCPLine));
  }
  return largest;
}

void fitControlPoints(GDALDataset& dataset, Georeference& result) {
  const int count = dataset.GetGCPCount();
  const GDAL_GCP* points = dataset.GetGCPs();
  Geotransform fitted;
  const bool fits = GDALGCPsToGeoTransform(count, points, fitted.c.data(), TRUE) && invertible(fitted);
  const double residual = fits ? largestResidual(fitted, points, count) : 0.0;
  if (fits && residual <= kLargestResidualPx) {
    result.transform = fitted;
    result.crsWkt = wktOf(dataset.GetGCPSpatialRef());
    return;
  }
  std::string why = "no straight fit exists";
  if (fits) {
    char pixels[32];
    std::snprintf(pixels, sizeof pixels, "%.1f", residual);
    why = std::string("a straight fit misses them by up to ") + pixels + " pixels";
  }
  result.warnings.push_back("the " + std::to_string(count) + " ground control points are not used: " + why +
                            "; warp the raster first (gdalwarp) to have results on the map");
}

}  // namespace

Georeference georeferenceOf(GDALDataset& dataset) {
  const GdalMessages messages;
  Georeference result;
  Geotransform stored;
  if (dataset.GetGeoTransform(stored.c.data()) == CE_None) {
    if (invertible(stored)) {
      result.transform = stored;
      result.crsWkt = wktOf(dataset.GetSpatialRef());
    } else {
      result.warnings.emplace_back("the raster's geotransform is not used: its pixels have no area on the map");
    }
  } else if (dataset.GetGCPCount() > 0) {
    fitControlPoints(dataset, result);
  }
  if (!result.transform) {
    result.warnings.emplace_back("no georeference: positions are in pixels");
  } else if (result.crsWkt.empty()) {
    result.warnings.emplace_back("no coordinate reference system: positions are in the raster's own units, lengths are unknown");
  }
  return result;
}

std::optional<double> groundResolution(const Georeference& georeference, double width, double height) {
  if (!georeference.transform || georeference.crsWkt.empty()) return std::nullopt;
  try {
    const GroundFrame frame(georeference.crsWkt);
    const Geotransform& toMap = *georeference.transform;
    const double column = width / 2.0;
    const double row = height / 2.0;
    const auto across = frame.line(toMap.toMap({column - 0.5, row}), toMap.toMap({column + 0.5, row}));
    const auto down = frame.line(toMap.toMap({column, row - 0.5}), toMap.toMap({column, row + 0.5}));
    if (!across || !down || !(across->lengthM > 0.0) || !(down->lengthM > 0.0)) return std::nullopt;
    return (across->lengthM + down->lengthM) / 2.0;
  } catch (const Error&) {
    // A CRS that GDAL could write but PROJ cannot compute with: as good as none for measuring.
    return std::nullopt;
  }
}

}  // namespace orthoscribe::geo
