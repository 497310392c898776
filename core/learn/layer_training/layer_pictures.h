// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures of a raster with the labels that lie on them, at the ground resolution of the model.
#pragma once

#include <vector>

#include "core/base/cancel.h"
#include "core/geo/raster.h"
#include "core/learn/data/sample.h"
#include "core/learn/layer_training/layer_labels.h"

namespace orthoscribe::learn {

// A box that a person rejected is kept among a sample's boxes under this number instead of its class, so that it follows the
// pixels like the others; asRejected(asRejected(c)) is c.
constexpr int asRejected(int objectClass) {
  return -1 - objectClass;
}
constexpr bool isRejected(const LabelledBox& box) {
  return box.objectClass < 0;
}

// One sample an area. scale: raster pixels a pixel of the samples. Boxes are the smallest rectangles around the outlines whose
// centres lie in the area; those that reach over its border are difficult. Of every class among the labels all objects are known.
// Throws what RasterSource::read throws.
std::vector<Sample> cutPictures(geo::RasterSource& raster, const std::vector<geo::PixelRect>& areas, double scale,
                                const std::vector<LayerLabel>& labels, const CancelToken& cancel);

}  // namespace orthoscribe::learn
