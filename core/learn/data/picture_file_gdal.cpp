// SPDX-License-Identifier: GPL-2.0-or-later
#include <gdal_alg.h>

#include "core/base/error.h"
#include "core/geo/gdal_support.h"
#include "core/geo/raster_file.h"
#include "core/learn/data/picture_file.h"

namespace orthoscribe::learn {
namespace {

constexpr double kMostPixels = 1e8;

}  // namespace

PictureSize pictureSize(const std::filesystem::path& path) {
  const GDALDatasetUniquePtr file = geo::openRaster(path.string());
  return {file->GetRasterXSize(), file->GetRasterYSize()};
}

void readWholePicture(const std::filesystem::path& path) {
  const GDALDatasetUniquePtr file = geo::openRaster(path.string());
  if (double(file->GetRasterXSize()) * file->GetRasterYSize() > kMostPixels) return;
  const geo::GdalMessages messages;
  for (int band = 1; band <= file->GetRasterCount(); ++band) {
    GDALChecksumImage(GDALRasterBand::ToHandle(file->GetRasterBand(band)), 0, 0, file->GetRasterXSize(), file->GetRasterYSize());
    if (messages.failed()) throw Error(ErrorCode::Io, path.string() + " cannot be read to its end: " + messages.failure());
  }
}

}  // namespace orthoscribe::learn
