// SPDX-License-Identifier: GPL-2.0-or-later
// What every use of GDAL here needs: drivers registered once, memory bounded, messages collected instead of printed.
#pragma once

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <memory>
#include <optional>
#include <string>

#include "core/geo/geotransform.h"

namespace orthoscribe::geo {

// Registers the drivers on the first call and keeps GDAL's block cache at 256 MB at most, unless the user set GDAL_CACHEMAX.
void prepareGdal();

// Collects what GDAL says on this thread while it lives, so that nothing goes to standard error.
class GdalMessages {
 public:
  GdalMessages();
  ~GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;

  // The first failure on one short line: later ones follow from it. Empty when there was none.
  const std::string& failure() const { return failure_; }
  bool failed() const { return failed_; }

 private:
  static void CPL_STDCALL collect(CPLErr kind, CPLErrorNum number, const char* text);
  std::string failure_;
  bool failed_ = false;
};

// From WKT or any other text that PROJ understands; coordinates in the order x, y (longitude, latitude). Throws
// Error{InvalidInput}.
OGRSpatialReference spatialReference(const std::string& text);

// Nothing where the transformation is not defined.
class PointTransform {
 public:
  // Throws Error{InvalidInput} when there is no way from one to the other.
  PointTransform(const OGRSpatialReference& from, const OGRSpatialReference& to);
  std::optional<Point> operator()(Point point) const;

 private:
  std::unique_ptr<OGRCoordinateTransformation> transformation_;
};

}  // namespace orthoscribe::geo
