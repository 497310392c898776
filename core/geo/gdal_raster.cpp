// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "core/base/error.h"
#include "core/geo/band_choice.h"
#include "core/geo/band_reader.h"
#include "core/geo/band_stretch.h"
#include "core/geo/gdal_support.h"
#include "core/geo/georeference.h"
#include "core/geo/raster.h"
#include "core/geo/raster_file.h"

namespace orthoscribe::geo {
namespace {

// Palette colours are read this much finer, then averaged: indices themselves have no mean.
constexpr int kFinestPaletteSampling = 4;

// The whole pixels of the image that lie on the raster, along one axis.
struct Inside {
  int first = 0;
  int count = 0;
  double sourceBegin = 0.0;
  double sourceSize = 0.0;
};

Inside insideRaster(std::int64_t begin, std::int64_t size, std::int64_t rasterSize, int imageSize) {
  const double scale = static_cast<double>(size) / imageSize;
  const double low = static_cast<double>(std::max<std::int64_t>(begin, 0) - begin) / scale;
  const double high = static_cast<double>(std::min(begin + size, rasterSize) - begin) / scale;
  Inside inside;
  inside.first = static_cast<int>(std::ceil(std::clamp(low, 0.0, static_cast<double>(imageSize)) - 1e-9));
  const int last = static_cast<int>(std::floor(std::clamp(high, 0.0, static_cast<double>(imageSize)) + 1e-9));
  inside.count = std::max(0, last - inside.first);
  inside.sourceBegin = static_cast<double>(begin) + inside.first * scale;
  inside.sourceSize = inside.count * scale;
  return inside;
}

std::uint8_t toByte(const BandView& view, double value) {
  if (!std::isfinite(value)) return 0;
  return static_cast<std::uint8_t>(std::lround(std::clamp((value - view.low) / (view.high - view.low) * 255.0, 0.0, 255.0)));
}

std::string rectText(const PixelRect& rect) {
  return "columns " + std::to_string(rect.column) + " to " + std::to_string(rect.column + rect.width - 1) + ", rows " +
         std::to_string(rect.row) + " to " + std::to_string(rect.row + rect.height - 1);
}

}  // namespace

struct GdalRaster::Impl {
  std::string path;
  RasterOptions options;
  GDALDatasetUniquePtr dataset;
  Georeference georeference;
  std::optional<double> resolution;
  std::vector<BandView> views;
  bool stretchKnown = false;

  // The part of the image that lies on the raster.
  struct Part {
    SourceWindow source;
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
    std::vector<std::uint8_t> valid;
    std::size_t pixels() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
  };

  // All return false when GDAL fails.
  bool findStretch(const CancelToken& cancel);
  bool readPart(Part& part, const CancelToken& cancel);
  bool readBands(Part& part, const CancelToken& cancel);
  bool readChannel(Part& part, std::size_t channel, const std::vector<double>& coverage, const CancelToken& cancel);
  bool readPalette(Part& part, const CancelToken& cancel);
};

bool GdalRaster::Impl::findStretch(const CancelToken& cancel) {
  if (stretchKnown) return true;
  for (BandView& view : views) {
    if (view.stretched && !stretchBySample(view, options.stretchLowPercent, options.stretchHighPercent, cancel)) return false;
  }
  stretchKnown = true;
  return true;
}

bool GdalRaster::Impl::readBands(Part& part, const CancelToken& cancel) {
  std::vector<double> coverage;
  for (std::size_t channel = 0; channel < views.size(); ++channel) {
    GDALRasterBand& band = *views[channel].band;
    if (channel == 0 || !coverageIsShared(band)) {
      if (!readCoverage(band, part.source, part.width, part.height, Resampling::Smooth, cancel, coverage)) return false;
    }
    if (!readChannel(part, channel, coverage, cancel)) return false;
  }
  return true;
}

bool GdalRaster::Impl::readChannel(Part& part, std::size_t channel, const std::vector<double>& coverage,
                                   const CancelToken& cancel) {
  const BandView& view = views[channel];
  const std::size_t end = views.size() == 1 ? 3 : channel + 1;  // one band alone is grey
  // A pixel that one band leaves out still shows what the others hold.
  const auto put = [&](std::size_t pixel, std::uint8_t byte, bool known) {
    if (known && coverage[pixel] >= 0.5) part.valid[pixel] = 1;
    for (std::size_t colour = channel; colour < end; ++colour) part.rgb[pixel * 3 + colour] = byte;
  };
  if (view.kind == BandKind::Bytes) {
    std::vector<std::uint8_t> bytes;
    if (!readBytes(*view.band, part.source, part.width, part.height, Resampling::Smooth, cancel, bytes)) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i) put(i, bytes[i], true);
    return true;
  }
  std::vector<double> values;
  if (!readValues(*view.band, part.source, part.width, part.height, Resampling::Smooth, cancel, values)) return false;
  for (std::size_t i = 0; i < values.size(); ++i) put(i, toByte(view, values[i]), std::isfinite(values[i]));
  return true;
}

bool GdalRaster::Impl::readPalette(Part& part, const CancelToken& cancel) {
  const BandView& view = views[0];
  const auto sampling = [](double source, int pixels) {
    return std::clamp(static_cast<int>(std::ceil(source / pixels)), 1, kFinestPaletteSampling);
  };
  const int samplesX = sampling(part.source.width, part.width);
  const int samplesY = sampling(part.source.height, part.height);
  const int fineWidth = part.width * samplesX;
  std::vector<double> indices;
  std::vector<double> coverage;
  if (!readValues(*view.band, part.source, fineWidth, part.height * samplesY, Resampling::Nearest, cancel, indices) ||
      !readCoverage(*view.band, part.source, fineWidth, part.height * samplesY, Resampling::Nearest, cancel, coverage)) {
    return false;
  }
  for (int row = 0; row < part.height; ++row) {
    for (int column = 0; column < part.width; ++column) {
      std::array<int, 3> sum{};
      int samples = 0;
      for (int sub = 0; sub < samplesX * samplesY; ++sub) {
        const std::size_t at = static_cast<std::size_t>(row * samplesY + sub / samplesX) * static_cast<std::size_t>(fineWidth) +
                               static_cast<std::size_t>(column * samplesX + sub % samplesX);
        const double index = indices[at];
        if (coverage[at] < 0.5 || !(index >= 0.0) || index >= static_cast<double>(view.palette.size())) continue;
        const auto& colour = view.palette[static_cast<std::size_t>(index)];
        if (colour[3] < 128) continue;
        for (std::size_t c = 0; c < 3; ++c) sum[c] += colour[c];
        ++samples;
      }
      const std::size_t pixel =
          static_cast<std::size_t>(row) * static_cast<std::size_t>(part.width) + static_cast<std::size_t>(column);
      part.valid[pixel] = samples * 2 >= samplesX * samplesY ? 1 : 0;
      for (std::size_t c = 0; c < 3 && samples > 0; ++c) {
        part.rgb[pixel * 3 + c] = static_cast<std::uint8_t>((sum[c] + samples / 2) / samples);
      }
    }
  }
  return true;
}

bool GdalRaster::Impl::readPart(Part& part, const CancelToken& cancel) {
  part.rgb.resize(part.pixels() * 3);
  part.valid.resize(part.pixels());
  return findStretch(cancel) && (views[0].kind == BandKind::Palette ? readPalette(part, cancel) : readBands(part, cancel));
}

GdalRaster::GdalRaster(const std::string& path, const RasterOptions& options) : impl_(std::make_unique<Impl>()) {
  impl_->path = path;
  impl_->options = options;
  impl_->dataset = openRaster(path);
  const GdalMessages messages;
  impl_->georeference = georeferenceOf(*impl_->dataset);
  impl_->views = chooseBands(*impl_->dataset, options, path, impl_->georeference.warnings);
  impl_->resolution = groundResolution(impl_->georeference, static_cast<double>(width()), static_cast<double>(height()));
}

GdalRaster::~GdalRaster() = default;
GdalRaster::GdalRaster(GdalRaster&&) noexcept = default;
GdalRaster& GdalRaster::operator=(GdalRaster&&) noexcept = default;

std::int64_t GdalRaster::width() const {
  return impl_->dataset->GetRasterXSize();
}
std::int64_t GdalRaster::height() const {
  return impl_->dataset->GetRasterYSize();
}
Geotransform GdalRaster::geotransform() const {
  return impl_->georeference.transform.value_or(Geotransform{});
}
bool GdalRaster::hasGeotransform() const {
  return impl_->georeference.transform.has_value();
}
std::string GdalRaster::crsWkt() const {
  return impl_->georeference.crsWkt;
}
std::string GdalRaster::name() const {
  return impl_->path;
}
std::optional<double> GdalRaster::groundResolutionM() const {
  return impl_->resolution;
}
const std::vector<std::string>& GdalRaster::warnings() const {
  return impl_->georeference.warnings;
}

RasterWindow GdalRaster::read(const PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) {
  if (source.width <= 0 || source.height <= 0 || imageWidth <= 0 || imageHeight <= 0) {
    throw Error(ErrorCode::InvalidInput, "a window of " + name() + " without pixels was asked for");
  }
  cancel.throwIfCancelled();
  RasterWindow window;
  window.image = RgbImage(imageWidth, imageHeight);
  window.valid.resize(static_cast<std::size_t>(imageWidth) * static_cast<std::size_t>(imageHeight));
  window.source = source;
  window.toMap =
      geotransform().window(static_cast<double>(source.column), static_cast<double>(source.row),
                            static_cast<double>(source.width) / imageWidth, static_cast<double>(source.height) / imageHeight);
  window.validShare = 0.0;

  const Inside x = insideRaster(source.column, source.width, width(), imageWidth);
  const Inside y = insideRaster(source.row, source.height, height(), imageHeight);
  if (x.count == 0 || y.count == 0) return window;
  Impl::Part part;
  part.source = {x.sourceBegin, y.sourceBegin, x.sourceSize, y.sourceSize};
  part.width = x.count;
  part.height = y.count;
  const GdalMessages messages;
  if (!impl_->readPart(part, cancel)) {
    throw Error(ErrorCode::Io,
                "cannot read " + rectText(source) + " of " + name() + (messages.failed() ? ": " + messages.failure() : ""),
                "the file may be damaged; copy or download it again");
  }

  std::size_t validPixels = 0;
  for (int row = 0; row < part.height; ++row) {
    for (int column = 0; column < part.width; ++column) {
      const std::size_t from =
          static_cast<std::size_t>(row) * static_cast<std::size_t>(part.width) + static_cast<std::size_t>(column);
      if (!part.valid[from]) continue;
      ++validPixels;
      std::copy_n(part.rgb.data() + from * 3, 3, window.image.at(x.first + column, y.first + row));
      window.valid[static_cast<std::size_t>(y.first + row) * static_cast<std::size_t>(imageWidth) +
                   static_cast<std::size_t>(x.first + column)] = 1;
    }
  }
  window.validShare = static_cast<double>(validPixels) / static_cast<double>(window.valid.size());
  return window;
}

}  // namespace orthoscribe::geo
