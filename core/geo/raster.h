// SPDX-License-Identifier: GPL-2.0-or-later
// A georeferenced raster read by window through GDAL, as 8-bit RGB with a mask of what holds data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/rgb_image.h"
#include "core/geo/geotransform.h"

namespace orthoscribe::geo {

struct RasterOptions {
  std::vector<int> bands;  // 1-based, one (grey) or three (red, green, blue); empty: by colour interpretation, else 1, 2, 3 or 1
  double stretchLowPercent = 2.0;  // percentiles for rasters that are not 8-bit; taken from a sampled overview
  double stretchHighPercent = 98.0;
  bool stretchBytes = false;  // stretch 8-bit rasters too
};

// A rectangle of whole raster pixels.
struct PixelRect {
  std::int64_t column = 0;
  std::int64_t row = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool operator==(const PixelRect&) const = default;
};

// Bounds in some CRS: minX, minY, maxX, maxY.
struct Bounds {
  double minX = 0.0;
  double minY = 0.0;
  double maxX = 0.0;
  double maxY = 0.0;
};

struct RasterWindow {
  RgbImage image;                   // resampled to the size asked for; pixels without data are black
  std::vector<std::uint8_t> valid;  // one byte a pixel of image: 1 holds data
  double validShare = 1.0;
  Geotransform toMap;  // image pixel -> map (or raster pixel, without georeference)
  PixelRect source;    // raster pixels that it shows
};

// Anything windows can be cut from: a GDAL file; in the plugin, a layer drawn by QGIS.
class RasterSource {
 public:
  virtual ~RasterSource() = default;
  virtual std::int64_t width() const = 0;
  virtual std::int64_t height() const = 0;
  virtual Geotransform geotransform() const = 0;  // identity without georeference
  virtual bool hasGeotransform() const = 0;
  virtual std::string crsWkt() const = 0;  // WKT2; empty: none
  virtual std::string name() const = 0;    // for messages and provenance
  // Metres on the ground a pixel, at the centre, mean of both axes; nothing without CRS or geotransform.
  virtual std::optional<double> groundResolutionM() const = 0;
  // `source` may reach over the raster's border: that part is marked invalid. Throws Error{Io} naming file and window,
  // Error{Cancelled}. Called from one thread at a time.
  virtual RasterWindow read(const PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) = 0;
};

// Opens a raster by GDAL: GeoTIFF, VRT, JPEG... Ground control points become the affine that fits them best when that is
// within a pixel, else the raster is treated as one without georeference and says so in warnings(). Overviews are used where
// they are fine enough; nodata, alpha and masks take no part in means. A pixel is valid when at least half of it holds data in
// at least one of the bands shown. Memory does not depend on the raster's size (GDAL's block cache: 256 MB). Throws
// Error{NotFound} when there is no such file, Error{InvalidInput} when it is no raster or a band does not exist, Error{Io} when
// a TIFF is cut short. May be used from different threads, one at a time.
class GdalRaster : public RasterSource {
 public:
  explicit GdalRaster(const std::string& path, const RasterOptions& options = {});
  ~GdalRaster() override;
  GdalRaster(GdalRaster&&) noexcept;
  GdalRaster& operator=(GdalRaster&&) noexcept;

  std::int64_t width() const override;
  std::int64_t height() const override;
  Geotransform geotransform() const override;
  bool hasGeotransform() const override;
  std::string crsWkt() const override;
  std::string name() const override;
  std::optional<double> groundResolutionM() const override;
  RasterWindow read(const PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) override;

  // One line each, for the user: "no coordinate reference system: positions are in pixels".
  const std::vector<std::string>& warnings() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The pixels that `bounds`, given in `boundsCrs` (any text PROJ understands; empty: the raster's own), cover. The outline is
// densified before transforming. Throws Error{InvalidInput} when nothing of the raster lies inside.
PixelRect pixelRectOf(const RasterSource& raster, const Bounds& bounds, const std::string& boundsCrs = {});

}  // namespace orthoscribe::geo
