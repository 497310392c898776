// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/band_reader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace orthoscribe::geo {
namespace {

int CPL_STDCALL continueUnlessCancelled(double, const char*, void* token) {
  return static_cast<const CancelToken*>(token)->cancelled() ? FALSE : TRUE;
}

// One axis of a window in the pixels of an overview.
struct Span {
  double offset;
  double size;
  int firstPixel;
  int pixels;
};

Span spanInOverview(double offset, double size, int rasterSize, int overviewSize) {
  const double factor = static_cast<double>(overviewSize) / rasterSize;
  double begin = std::clamp(offset * factor, 0.0, static_cast<double>(overviewSize));
  double end = std::clamp((offset + size) * factor, begin, static_cast<double>(overviewSize));
  // What is whole but for rounding shall not touch one pixel more.
  if (std::abs(begin - std::round(begin)) < 1e-7) begin = std::round(begin);
  if (std::abs(end - std::round(end)) < 1e-7) end = std::round(end);
  const int first = std::min(static_cast<int>(std::floor(begin)), overviewSize - 1);
  const int last = std::clamp(static_cast<int>(std::ceil(end)), first + 1, overviewSize);
  return {begin, end - begin, first, last - first};
}

template <typename Value>
constexpr GDALDataType kBufferType = GDT_Float64;
template <>
constexpr GDALDataType kBufferType<std::uint8_t> = GDT_Byte;

// `frame`: the band whose pixels the window is given in; `level`: itself, its overview or a mask of either.
template <typename Value>
bool readLevel(GDALRasterBand& level, const GDALRasterBand& frame, const SourceWindow& window, int width, int height,
               GDALRIOResampleAlg algorithm, const CancelToken& cancel, std::vector<Value>& values) {
  GDALRasterBand& measured = const_cast<GDALRasterBand&>(frame);  // GDAL's getters are not const
  const Span x = spanInOverview(window.column, window.width, measured.GetXSize(), level.GetXSize());
  const Span y = spanInOverview(window.row, window.height, measured.GetYSize(), level.GetYSize());
  GDALRasterIOExtraArg extra;
  INIT_RASTERIO_EXTRA_ARG(extra);
  extra.eResampleAlg = algorithm;
  extra.bFloatingPointWindowValidity = TRUE;
  extra.dfXOff = x.offset;
  extra.dfYOff = y.offset;
  extra.dfXSize = x.size;
  extra.dfYSize = y.size;
  extra.pfnProgress = continueUnlessCancelled;
  extra.pProgressData = const_cast<CancelToken*>(&cancel);
  values.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const CPLErr status = level.RasterIO(GF_Read, x.firstPixel, y.firstPixel, x.pixels, y.pixels, values.data(), width, height,
                                       kBufferType<Value>, 0, 0, &extra);
  cancel.throwIfCancelled();
  return status == CE_None;
}

GDALRIOResampleAlg algorithmFor(Resampling resampling, double scaleX, double scaleY) {
  if (resampling == Resampling::Nearest) return GRIORA_NearestNeighbour;
  return std::max(scaleX, scaleY) > 1.0 ? GRIORA_Average : GRIORA_Bilinear;
}

template <typename Value>
bool readAnyValues(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
                   const CancelToken& cancel, std::vector<Value>& values) {
  const double scaleX = window.width / width;
  const double scaleY = window.height / height;
  return readLevel(overviewFor(band, scaleX, scaleY), band, window, width, height, algorithmFor(resampling, scaleX, scaleY),
                   cancel, values);
}

GDALRasterBand* alphaOf(GDALRasterBand& band) {
  GDALDataset* dataset = band.GetDataset();
  for (int i = 1; dataset && i <= dataset->GetRasterCount(); ++i) {
    if (dataset->GetRasterBand(i)->GetColorInterpretation() == GCI_AlphaBand) return dataset->GetRasterBand(i);
  }
  return nullptr;
}

// A mask by nodata value has no overviews of its own, but those of the band have such masks. Masks of other kinds may be
// missing from overviews, so theirs are looked for at the mask itself; at the alpha band, since GDAL's mask of a 16-bit one has
// none.
GDALRasterBand& maskFor(GDALRasterBand& band, int flags, double scaleX, double scaleY) {
  if ((flags & GMF_NODATA) != 0 && (flags & GMF_PER_DATASET) == 0) {
    GDALRasterBand& level = overviewFor(band, scaleX, scaleY);
    return (level.GetMaskFlags() & GMF_NODATA) != 0 ? *level.GetMaskBand() : *band.GetMaskBand();
  }
  GDALRasterBand* alpha = (flags & GMF_ALPHA) != 0 ? alphaOf(band) : nullptr;
  return overviewFor(alpha ? *alpha : *band.GetMaskBand(), scaleX, scaleY);
}

}  // namespace

GDALRasterBand& overviewFor(GDALRasterBand& band, double scaleX, double scaleY) {
  GDALRasterBand* best = &band;
  for (int i = 0; i < band.GetOverviewCount(); ++i) {
    GDALRasterBand* overview = band.GetOverview(i);
    if (!overview || overview->GetXSize() <= 0 || overview->GetYSize() <= 0) continue;
    const double factorX = static_cast<double>(band.GetXSize()) / overview->GetXSize();
    const double factorY = static_cast<double>(band.GetYSize()) / overview->GetYSize();
    // Sizes of overviews are rounded up, so a factor of two is a little less or more.
    const bool fineEnough = factorX <= scaleX * 1.01 && factorY <= scaleY * 1.01;
    if (fineEnough && overview->GetXSize() < best->GetXSize()) best = overview;
  }
  return *best;
}

bool readValues(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
                const CancelToken& cancel, std::vector<double>& values) {
  return readAnyValues(band, window, width, height, resampling, cancel, values);
}

bool readBytes(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
               const CancelToken& cancel, std::vector<std::uint8_t>& values) {
  return readAnyValues(band, window, width, height, resampling, cancel, values);
}

bool coverageIsShared(GDALRasterBand& band) {
  const int flags = band.GetMaskFlags();
  return (flags & GMF_PER_DATASET) != 0 || (flags & GMF_ALL_VALID) != 0;
}

bool readCoverage(GDALRasterBand& band, const SourceWindow& window, int width, int height, Resampling resampling,
                  const CancelToken& cancel, std::vector<double>& coverage) {
  const int flags = band.GetMaskFlags();
  if ((flags & GMF_ALL_VALID) != 0) {
    coverage.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 1.0);
    return true;
  }
  const double scaleX = window.width / width;
  const double scaleY = window.height / height;
  GDALRasterBand& mask = maskFor(band, flags, scaleX, scaleY);
  if (!readLevel(mask, band, window, width, height, algorithmFor(resampling, scaleX, scaleY), cancel, coverage)) return false;
  double full = 255.0;
  // Alpha of 16 bits is full at 65535 by the book, but often holds 255 as if it had 8.
  if (mask.GetRasterDataType() == GDT_UInt16 && *std::max_element(coverage.begin(), coverage.end()) > 255.0) full = 65535.0;
  for (double& value : coverage) value /= full;
  return true;
}

}  // namespace orthoscribe::geo
