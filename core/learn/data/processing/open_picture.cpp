// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/open_picture.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "core/vision/resize.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

std::string smallExtension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool isPlainPicture(const fs::path& path) {
  const std::string extension = smallExtension(path);
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

#ifndef ORTHOSCRIBE_WITH_GEO

// A picture in memory that is read like a raster.
class DecodedPicture final : public geo::RasterSource {
 public:
  explicit DecodedPicture(const fs::path& path) : name_(path.string()), image_(readImageFile(path)) {}

  std::int64_t width() const override { return image_.width; }
  std::int64_t height() const override { return image_.height; }
  geo::Geotransform geotransform() const override { return {}; }
  bool hasGeotransform() const override { return false; }
  std::string crsWkt() const override { return {}; }
  std::string name() const override { return name_; }
  std::optional<double> groundResolutionM() const override { return std::nullopt; }

  geo::RasterWindow read(const geo::PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) override {
    cancel.throwIfCancelled();
    RgbImage cut(static_cast<int>(source.width), static_cast<int>(source.height));
    std::vector<std::uint8_t> valid(static_cast<std::size_t>(imageWidth) * static_cast<std::size_t>(imageHeight), 1);
    for (int row = 0; row < cut.height; ++row) {
      for (int column = 0; column < cut.width; ++column) {
        const std::int64_t x = source.column + column;
        const std::int64_t y = source.row + row;
        if (x < 0 || y < 0 || x >= image_.width || y >= image_.height) continue;
        std::copy_n(image_.at(static_cast<int>(x), static_cast<int>(y)), 3, cut.at(column, row));
      }
    }
    geo::RasterWindow window;
    window.image = vision::resize(cut, imageWidth, imageHeight, vision::ResampleFilter::Box);
    window.valid = std::move(valid);
    window.source = source;
    window.toMap =
        geotransform().window(static_cast<double>(source.column), static_cast<double>(source.row),
                              static_cast<double>(source.width) / imageWidth, static_cast<double>(source.height) / imageHeight);
    return window;
  }

 private:
  std::string name_;
  RgbImage image_;
};

#endif

}  // namespace

std::unique_ptr<geo::RasterSource> openPicture(const fs::path& path) {
#ifdef ORTHOSCRIBE_WITH_GEO
  return std::make_unique<geo::GdalRaster>(path.string());
#else
  if (fs::exists(path) && !isPlainPicture(path)) {
    throw Error(ErrorCode::Unsupported, path.string() + ": this program was built without GDAL and reads only PNG and JPEG",
                "Use a program built with it, or convert the picture.");
  }
  return std::make_unique<DecodedPicture>(path);
#endif
}

RgbImage readPicture(const fs::path& path) {
  if (isPlainPicture(path)) return readImageFile(path);
  const auto raster = openPicture(path);
  if (raster->width() * raster->height() > DecodeLimits{}.maxPixels) {
    throw Error(ErrorCode::InvalidInput, path.string() + " is too large to be one picture",
                "Cut it with `orthoscribe data tile`, or make zoom conversations of it.");
  }
  return raster
      ->read({0, 0, raster->width(), raster->height()}, static_cast<int>(raster->width()), static_cast<int>(raster->height()), {})
      .image;
}

RgbImage readOverview(geo::RasterSource& picture, int longestSidePx) {
  const auto width = static_cast<double>(picture.width());
  const auto height = static_cast<double>(picture.height());
  const double scale = std::min(1.0, longestSidePx / std::max(width, height));
  const auto side = [&](double length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  return picture.read({0, 0, picture.width(), picture.height()}, side(width), side(height), {}).image;
}

void writePicture(const RgbImage& image, const fs::path& path, int jpegQuality) {
  const std::vector<std::byte> bytes = smallExtension(path) == ".png" ? encodePng(image) : encodeJpeg(image, jpegQuality);
  writeTextFile(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace orthoscribe::learn
