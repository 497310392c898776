// SPDX-License-Identifier: GPL-2.0-or-later
// Resampled reading of one band through its overviews. Pixel frames are kept exact: overviews are read by fractions of their
// pixels, never by rounded windows.
#pragma once

#include <gdal_priv.h>

#include <cstdint>
#include <vector>

#include "core/base/cancel.h"

namespace orthoscribe::geo {

// A rectangle inside the raster, in its pixels.
struct SourceWindow {
  double column = 0.0;
  double row = 0.0;
  double width = 0.0;
  double height = 0.0;
};

enum class Resampling { Smooth, Nearest };  // Smooth: mean when pixels are joined, bilinear when they are split

// The coarsest overview that is still at least as fine as asked, or the band itself. scaleX, scaleY: raster pixels for one pixel
// of the result.
GDALRasterBand& overviewFor(GDALRasterBand& band, double scaleX, double scaleY);

// Values as double, row by row; those that the band's mask excludes do not take part in means. False when GDAL fails, which
// GdalMessages then tells. Throws Error{Cancelled}.
bool readValues(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
                const CancelToken& cancel, std::vector<double>& values);

// The same for bands of bytes, whose means are rounded; several times as fast.
bool readBytes(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
               const CancelToken& cancel, std::vector<std::uint8_t>& values);

// What part of each pixel holds data, 0..1, by the band's nodata value, alpha or mask.
bool readCoverage(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
                  const CancelToken& cancel, std::vector<double>& coverage);

// Whether bands of one dataset share their coverage, so that reading that of one is enough.
bool coverageIsShared(GDALRasterBand& band);

}  // namespace orthoscribe::geo
