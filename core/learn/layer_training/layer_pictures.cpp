// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/layer_pictures.h"

#include <algorithm>
#include <cmath>

#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {
namespace {

// Smaller ones cannot be seen.
constexpr double kShortestSidePx = 2;

LabelledBox boxIn(const RgbImage& image, const geo::OrientedBox& inRaster, const geo::PixelRect& area, const LayerLabel& label) {
  const double scaleX = static_cast<double>(area.width) / image.width;
  const double scaleY = static_cast<double>(area.height) / image.height;
  std::array<geo::Point, 4> corners{};
  std::size_t next = 0;
  bool cut = false;
  for (const geo::Point& corner : geo::corners(inRaster)) {
    const geo::Point place = {(corner.x - static_cast<double>(area.column)) / scaleX,
                              (corner.y - static_cast<double>(area.row)) / scaleY};
    cut = cut || place.x < 0 || place.y < 0 || place.x > image.width || place.y > image.height;
    corners[next++] = place;
  }
  LabelledBox box;
  box.box = geo::minimumAreaRectangle(corners);
  box.objectClass = label.rejected ? asRejected(label.objectClass) : label.objectClass;
  box.difficult = cut;
  return box;
}

bool contains(const geo::PixelRect& area, geo::Point place) {
  const geo::Point inside = {place.x - static_cast<double>(area.column), place.y - static_cast<double>(area.row)};
  return inside.x >= 0 && inside.y >= 0 && inside.x < static_cast<double>(area.width) &&
         inside.y < static_cast<double>(area.height);
}

}  // namespace

std::vector<Sample> cutPictures(geo::RasterSource& raster, const std::vector<geo::PixelRect>& areas, double scale,
                                const std::vector<LayerLabel>& labels, const CancelToken& cancel) {
  std::vector<geo::OrientedBox> boxes;
  for (const LayerLabel& label : labels) boxes.push_back(geo::minimumAreaRectangle(label.outline));
  std::vector<Sample> samples;
  for (const geo::PixelRect& area : areas) {
    const int width = std::max(1, static_cast<int>(std::lround(static_cast<double>(area.width) / scale)));
    const int height = std::max(1, static_cast<int>(std::lround(static_cast<double>(area.height) / scale)));
    Sample sample;
    sample.name = raster.name() + " at " + std::to_string(area.column) + ", " + std::to_string(area.row);
    sample.image = raster.read(area, width, height, cancel).image;
    for (std::size_t index = 0; index < labels.size(); ++index) {
      sample.boxesKnown[static_cast<std::size_t>(labels[index].objectClass)] = true;
      if (!contains(area, boxes[index].centre)) continue;
      const LabelledBox box = boxIn(sample.image, boxes[index], area, labels[index]);
      if (box.box.shortSide >= kShortestSidePx) sample.boxes.push_back(box);
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace orthoscribe::learn
