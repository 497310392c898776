// SPDX-License-Identifier: GPL-2.0-or-later
// Opening rasters by GDAL, with clear words when that fails.
#pragma once

#include <gdal_priv.h>

#include <string>

namespace orthoscribe::geo {

// Read-only. Drivers that go to the network take part only when the path itself asks for one ("/vsicurl/...", "WMS:..."); a file
// on disk never makes them. Throws Error{NotFound}, Error{InvalidInput} when it is no raster, Error{Io} when whole parts of a
// TIFF lie beyond its end.
GDALDatasetUniquePtr openRaster(const std::string& path);

}  // namespace orthoscribe::geo
