// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures, rasters and files of conversations for tests.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "core/geo/raster.h"
#include "core/learn/data/conversation.h"

namespace orthoscribe::learn::test {

// Shapes with sharp edges in many colours: every place looks different.
RgbImage busyImage(int width, int height, unsigned seed);

// A picture in memory as a raster, with a ground resolution if it is not 0. Remembers the largest window that was read.
class MadeRaster final : public geo::RasterSource {
 public:
  explicit MadeRaster(RgbImage image, double groundResolutionM = 0.0)
      : image_(std::move(image)), groundResolutionM_(groundResolutionM) {}
  std::int64_t width() const override { return image_.width; }
  std::int64_t height() const override { return image_.height; }
  geo::Geotransform geotransform() const override { return {}; }
  bool hasGeotransform() const override { return false; }
  std::string crsWkt() const override { return {}; }
  std::string name() const override { return "made"; }
  std::optional<double> groundResolutionM() const override {
    return groundResolutionM_ > 0.0 ? std::optional(groundResolutionM_) : std::nullopt;
  }
  geo::RasterWindow read(const geo::PixelRect& source, int imageWidth, int imageHeight, const CancelToken& cancel) override;

  std::int64_t largestWindow = 0;  // pixels

 private:
  RgbImage image_;
  double groundResolutionM_;
};

// A rectangle of this size at any angle, as an object.
LabelledShape turnedShape(const std::string& label, geo::Point centre, double longSide, double shortSide, double angleDeg);

Conversation askedAbout(const std::string& image, const std::string& question, const std::string& answer);

void writeConversations(const std::filesystem::path& path, const std::vector<Conversation>& conversations);

}  // namespace orthoscribe::learn::test
