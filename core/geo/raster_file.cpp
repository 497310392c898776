// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/raster_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/geo/gdal_support.h"

namespace orthoscribe::geo {
namespace {

constexpr std::array<std::string_view, 14> kNetworkDrivers = {"WMS",   "WMTS",          "WCS",      "HTTP",   "PLMOSAIC",
                                                              "EEDAI", "EEDA",          "DAAS",     "OGCAPI", "STACTA",
                                                              "NGW",   "PostGISRaster", "PLScenes", "STACIT"};

std::vector<const char*> localDrivers() {
  std::vector<const char*> names;
  GDALDriverManager* manager = GetGDALDriverManager();
  for (int i = 0; i < manager->GetDriverCount(); ++i) {
    GDALDriver* driver = manager->GetDriver(i);
    const bool network =
        std::find(kNetworkDrivers.begin(), kNetworkDrivers.end(), driver->GetDescription()) != kNetworkDrivers.end();
    if (!network && driver->GetMetadataItem(GDAL_DCAP_RASTER)) names.push_back(driver->GetDescription());
  }
  names.push_back(nullptr);
  return names;
}

// "/vsizip/a.zip/b.tif", "NETCDF:file.nc:variable", "WMS:http://..."
bool isNameForGdal(const std::string& path) {
  return path.starts_with("/vsi") || path.find(':') != std::string::npos;
}

std::string firstSubdatasets(GDALDataset& dataset) {
  char** entries = dataset.GetMetadata("SUBDATASETS");
  std::string names;
  for (int i = 0; entries && entries[i] && i < 8; ++i) {
    const std::string_view entry = entries[i];
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || !entry.substr(0, equals).ends_with("_NAME")) continue;
    names += (names.empty() ? "" : ", ") + std::string(entry.substr(equals + 1));
  }
  return names;
}

// How many of a TIFF's blocks start beyond its end. Large files are sampled.
struct CutBlocks {
  std::int64_t beyond = 0;
  std::int64_t looked = 0;
};

CutBlocks cutBlocks(GDALRasterBand& band, std::int64_t fileSize) {
  constexpr std::int64_t kMostLooked = 4096;
  int blockWidth = 1;
  int blockHeight = 1;
  band.GetBlockSize(&blockWidth, &blockHeight);
  const std::int64_t across = (band.GetXSize() + blockWidth - 1) / blockWidth;
  const std::int64_t all = across * ((band.GetYSize() + blockHeight - 1) / blockHeight);
  const std::int64_t step = (all + kMostLooked - 1) / kMostLooked;
  CutBlocks result;
  for (std::int64_t block = all - 1; block >= 0; block -= step) {
    const std::string key = "BLOCK_OFFSET_" + std::to_string(block % across) + "_" + std::to_string(block / across);
    const char* offset = band.GetMetadataItem(key.c_str(), "TIFF");
    ++result.looked;
    if (offset && std::strtoll(offset, nullptr, 10) >= fileSize) ++result.beyond;
  }
  return result;
}

// libtiff opens a file whose end is missing without a word, since the directory may stand first.
void refuseCutTiff(GDALDataset& dataset, const std::string& path) {
  if (std::string_view(dataset.GetDriverName()) != "GTiff" || dataset.GetRasterCount() == 0) return;
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) return;
  const CutBlocks blocks = cutBlocks(*dataset.GetRasterBand(dataset.GetRasterCount()), static_cast<std::int64_t>(size));
  if (blocks.beyond == 0) return;
  throw Error(ErrorCode::Io,
              path + " is cut short: " + std::to_string(blocks.beyond) + " of " + std::to_string(blocks.looked) +
                  " blocks of pixels would lie beyond its end at byte " + std::to_string(size),
              "copy or download the file again");
}

}  // namespace

GDALDatasetUniquePtr openRaster(const std::string& path) {
  prepareGdal();
  std::error_code ignored;
  const bool onDisk = std::filesystem::exists(path, ignored);
  if (!onDisk && !isNameForGdal(path)) {
    throw Error(ErrorCode::NotFound, path.empty() ? "no raster was named" : "there is no file " + path, "check the path");
  }
  const GdalMessages messages;
  const std::vector<const char*> drivers = localDrivers();
  GDALDatasetUniquePtr dataset(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                                 onDisk ? drivers.data() : nullptr, nullptr, nullptr));
  if (!dataset) {
    throw Error(ErrorCode::InvalidInput,
                path + " cannot be opened as a raster" + (messages.failed() ? ": " + messages.failure() : ""),
                "give a GeoTIFF or another raster that GDAL reads; 'gdalinfo' tells more");
  }
  if (dataset->GetRasterCount() == 0 || dataset->GetRasterXSize() <= 0 || dataset->GetRasterYSize() <= 0) {
    const std::string parts = firstSubdatasets(*dataset);
    throw Error(ErrorCode::InvalidInput, path + " has no pixels of its own",
                parts.empty() ? "give a raster with at least one band" : "name one of its parts: " + parts);
  }
  if (onDisk) refuseCutTiff(*dataset, path);
  return dataset;
}

}  // namespace orthoscribe::geo
