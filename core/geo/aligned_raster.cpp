// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/aligned_raster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "core/base/error.h"
#include "core/geo/gdal_support.h"
#include "core/geo/polygon.h"

namespace orthoscribe::geo {
namespace {

// Cells a side of a picture; inside one the transformation is taken as bilinear, which over the few kilometres of a picture is
// far below a pixel.
constexpr int kCells = 32;

// Positions in the other raster's pixels at the corners of the cells.
class CellGrid {
 public:
  template <typename Locate>
  CellGrid(int width, int height, Locate&& locate) : width_(width), height_(height) {
    for (int j = 0; j <= kCells; ++j) {
      for (int i = 0; i <= kCells; ++i) nodes_.push_back(locate(double(i) / kCells, double(j) / kCells));
    }
  }

  // Of the centre of a pixel of the picture.
  std::optional<Point> at(int column, int row) const {
    const double x = (column + 0.5) / width_ * kCells;
    const double y = (row + 0.5) / height_ * kCells;
    const int i = std::min(kCells - 1, static_cast<int>(x));
    const int j = std::min(kCells - 1, static_cast<int>(y));
    const auto& a = node(i, j);
    const auto& b = node(i + 1, j);
    const auto& c = node(i, j + 1);
    const auto& d = node(i + 1, j + 1);
    if (!a || !b || !c || !d) return std::nullopt;
    const double u = x - i;
    const double v = y - j;
    const auto mix = [u, v](double p, double q, double r, double s) {
      return (p * (1 - u) + q * u) * (1 - v) + (r * (1 - u) + s * u) * v;
    };
    return Point{mix(a->x, b->x, c->x, d->x), mix(a->y, b->y, c->y, d->y)};
  }

  // Pixels of the other raster for one of the picture, along a side; 1 where it cannot be told.
  double scale() const {
    const auto& a = node(0, 0);
    const auto& b = node(kCells, 0);
    const auto& c = node(kCells, kCells);
    const auto& d = node(0, kCells);
    if (!a || !b || !c || !d) return 1.0;
    const std::array<Point, 4> outline = {*a, *b, *c, *d};
    return std::sqrt(std::abs(area(outline)) / (double(width_) * height_));
  }

  // The part of the other raster that is needed, with a pixel around it; nothing when none of it is.
  std::optional<PixelRect> bounds(std::int64_t width, std::int64_t height) const {
    double left = 1e18, top = 1e18, right = -1e18, bottom = -1e18;
    for (const auto& place : nodes_) {
      if (!place) continue;
      left = std::min(left, place->x);
      right = std::max(right, place->x);
      top = std::min(top, place->y);
      bottom = std::max(bottom, place->y);
    }
    left = std::max(0.0, std::floor(left) - 1);
    top = std::max(0.0, std::floor(top) - 1);
    right = std::min(double(width), std::ceil(right) + 1);
    bottom = std::min(double(height), std::ceil(bottom) + 1);
    if (!(right > left) || !(bottom > top)) return std::nullopt;
    return PixelRect{std::int64_t(left), std::int64_t(top), std::int64_t(right - left), std::int64_t(bottom - top)};
  }

 private:
  const std::optional<Point>& node(int i, int j) const { return nodes_[std::size_t(j) * (kCells + 1) + std::size_t(i)]; }

  int width_;
  int height_;
  std::vector<std::optional<Point>> nodes_;
};

struct Sample {
  std::array<double, 3> colour{};
  double weight = 0.0;  // of the pixels that hold data
};

// x, y: pixel positions of the picture read, centres at +0.5.
Sample sampleAt(const RasterWindow& read, double x, double y) {
  Sample sample;
  const int left = static_cast<int>(std::floor(x - 0.5));
  const int top = static_cast<int>(std::floor(y - 0.5));
  const double u = x - 0.5 - left;
  const double v = y - 0.5 - top;
  for (int k = 0; k < 4; ++k) {
    const int column = std::clamp(left + k % 2, 0, read.image.width - 1);
    const int row = std::clamp(top + k / 2, 0, read.image.height - 1);
    const double weight = (k % 2 ? u : 1 - u) * (k / 2 ? v : 1 - v);
    if (weight <= 0.0 || !read.valid[std::size_t(row) * std::size_t(read.image.width) + std::size_t(column)]) continue;
    const std::uint8_t* pixel = read.image.at(column, row);
    for (std::size_t band = 0; band < 3; ++band) sample.colour[band] += weight * pixel[band];
    sample.weight += weight;
  }
  return sample;
}

std::function<std::optional<Point>(Point)> transformBetween(const RasterSource& grid, const RasterSource& other) {
  if (grid.crsWkt().empty() && other.crsWkt().empty()) return {};
  for (const RasterSource* source : {&grid, &other}) {
    if (!source->crsWkt().empty()) continue;
    throw Error(ErrorCode::InvalidInput,
                source->name() + " has no coordinate reference system, so " + grid.name() + " and " + other.name() +
                    " cannot be laid over each other",
                "assign one to it, for example with gdal_edit.py -a_srs");
  }
  prepareGdal();
  const OGRSpatialReference from = spatialReference(grid.crsWkt());
  const OGRSpatialReference to = spatialReference(other.crsWkt());
  if (from.IsSame(&to)) return {};
  return [transform = std::make_shared<PointTransform>(from, to)](Point place) { return (*transform)(place); };
}

}  // namespace

AlignedRaster::AlignedRaster(const RasterSource& grid, RasterSource& other) : grid_(grid), other_(other) {
  const bool sameSize = grid.width() == other.width() && grid.height() == other.height();
  if (grid.hasGeotransform() != other.hasGeotransform() || (!grid.hasGeotransform() && !sameSize)) {
    const std::string& without = grid.hasGeotransform() ? other.name() : grid.name();
    throw Error(ErrorCode::InvalidInput,
                without + " has no georeference, so " + grid.name() + " and " + other.name() + " cannot be laid over each other",
                "georeference it, or give two rasters without georeference that have the same size");
  }
  toMap_ = grid.geotransform();
  toOtherPixel_ = other.geotransform().inverse();
  toOtherCrs_ = transformBetween(grid, other);
  sameGrid_ = sameSize && !toOtherCrs_ && grid.geotransform() == other.geotransform();
}

std::optional<Point> AlignedRaster::otherPixel(Point gridPixel) const {
  std::optional<Point> place = toMap_.toMap(gridPixel);
  if (toOtherCrs_) place = toOtherCrs_(*place);
  return place ? std::optional(toOtherPixel_.toMap(*place)) : std::nullopt;
}

RasterWindow AlignedRaster::read(const PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) {
  if (sameGrid_) return other_.read(source, imageWidth, imageHeight, cancel);
  RasterWindow window;
  window.image = RgbImage(imageWidth, imageHeight);
  window.valid.assign(std::size_t(imageWidth) * std::size_t(imageHeight), 0);
  window.validShare = 0.0;
  window.source = source;
  window.toMap = toMap_.window(double(source.column), double(source.row), double(source.width) / imageWidth,
                               double(source.height) / imageHeight);

  const CellGrid cells(imageWidth, imageHeight, [&](double x, double y) {
    return otherPixel({double(source.column) + x * double(source.width), double(source.row) + y * double(source.height)});
  });
  const std::optional<PixelRect> needed = cells.bounds(other_.width(), other_.height());
  if (!needed) return window;
  const double shrink = std::max(1.0, cells.scale());
  const auto side = [shrink](std::int64_t pixels) { return std::max(1, static_cast<int>(std::lround(double(pixels) / shrink))); };
  const RasterWindow read = other_.read(*needed, side(needed->width), side(needed->height), cancel);

  std::size_t valid = 0;
  for (int row = 0; row < imageHeight; ++row) {
    for (int column = 0; column < imageWidth; ++column) {
      const std::optional<Point> place = cells.at(column, row);
      if (!place || place->x < 0 || place->y < 0 || place->x > double(other_.width()) || place->y > double(other_.height()))
        continue;
      const Sample sample = sampleAt(read, (place->x - double(needed->column)) * read.image.width / double(needed->width),
                                     (place->y - double(needed->row)) * read.image.height / double(needed->height));
      if (sample.weight < 0.5) continue;
      std::uint8_t* pixel = window.image.at(column, row);
      for (std::size_t band = 0; band < 3; ++band) {
        pixel[band] = static_cast<std::uint8_t>(std::lround(sample.colour[band] / sample.weight));
      }
      window.valid[std::size_t(row) * std::size_t(imageWidth) + std::size_t(column)] = 1;
      ++valid;
    }
  }
  window.validShare = double(valid) / double(window.valid.size());
  return window;
}

}  // namespace orthoscribe::geo
