// SPDX-License-Identifier: GPL-2.0-or-later
// Rasters made in code, so that every pixel's value and place is known exactly.
#pragma once

#include <gdal_priv.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/geo/geotransform.h"

namespace orthoscribe::geo {

struct MadeRaster {
  int width = 64;
  int height = 48;
  GDALDataType type = GDT_Byte;
  std::vector<GDALColorInterp> colours = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand};
  std::function<double(int band, int column, int row)> value = [](int, int, int) { return 0.0; };
  std::optional<Geotransform> transform = Geotransform{{500000, 0.5, 0, 4000000, 0, -0.5}};
  std::string crs = "EPSG:32633";
  std::optional<double> nodata;
  std::vector<GDALColorEntry> palette;
  std::vector<int> overviews;
  std::string overviewResampling = "AVERAGE";
  std::function<bool(int column, int row)> masked;  // true: the internal mask excludes the pixel
  std::vector<GDAL_GCP> controlPoints;
  std::vector<std::string> creationOptions = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};

  // A GeoTIFF; fails the test when it cannot be made.
  void write(const std::filesystem::path& path) const;
};

}  // namespace orthoscribe::geo
