// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures of data sets, from small JPEGs to rasters that never fit into memory.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/rgb_image.h"
#include "core/geo/raster.h"

namespace orthoscribe::learn {

// Reads by window whatever GDAL can, where it is built with GDAL; otherwise PNG and JPEG, which it then keeps in memory. Throws
// Error{NotFound}, Error{InvalidInput}, Error{Io} naming the file, and Error{Unsupported} for what only GDAL could read.
std::unique_ptr<geo::RasterSource> openPicture(const std::filesystem::path& path);

// The whole of it, as it is. PNG and JPEG are decoded as training does. Throws as openPicture, and Error{InvalidInput} above
// 100 million pixels.
RgbImage readPicture(const std::filesystem::path& path);

// The whole of it with at most `longestSidePx` a side, never enlarged.
RgbImage readOverview(geo::RasterSource& picture, int longestSidePx);

// As PNG or, of this quality (1..100), JPEG, by the extension. Throws Error{Io}.
void writePicture(const RgbImage& image, const std::filesystem::path& path, int jpegQuality);

}  // namespace orthoscribe::learn
