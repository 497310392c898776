// SPDX-License-Identifier: GPL-2.0-or-later
// One raster as it lies on the pixels of another, so that two dates of a place are seen alike.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/geo/raster.h"

namespace orthoscribe::geo {

class AlignedRaster final : public RasterSource {
 public:
  // The pixels of `other` on the grid of `grid`; both must outlive this object. Places go grid -> map -> CRS of the other -> its
  // pixels through both full geotransforms. Without georeference both must have the same size, and their pixels correspond.
  // Throws Error{InvalidInput} when only one of them has a georeference or a CRS, or there is no transformation.
  AlignedRaster(const RasterSource& grid, RasterSource& other);

  std::int64_t width() const override { return grid_.width(); }
  std::int64_t height() const override { return grid_.height(); }
  Geotransform geotransform() const override { return grid_.geotransform(); }
  bool hasGeotransform() const override { return grid_.hasGeotransform(); }
  std::string crsWkt() const override { return grid_.crsWkt(); }
  std::string name() const override { return other_.name(); }
  std::optional<double> groundResolutionM() const override { return grid_.groundResolutionM(); }
  // Bilinear between pixels of the other raster, which is read no finer than the picture needs; what it does not cover is
  // invalid. A raster on the very same grid is read as it is.
  RasterWindow read(const PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) override;

 private:
  // Where a pixel position of the grid lies in the other raster's pixels; nothing where the transformation is not defined.
  std::optional<Point> otherPixel(Point gridPixel) const;

  const RasterSource& grid_;
  RasterSource& other_;
  bool sameGrid_ = false;
  Geotransform toMap_;
  Geotransform toOtherPixel_;
  std::function<std::optional<Point>(Point)> toOtherCrs_;  // empty: the same
};

}  // namespace orthoscribe::geo
