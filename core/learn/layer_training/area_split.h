// SPDX-License-Identifier: GPL-2.0-or-later
// Which parts of a raster are learnt from and which are kept for the test: whole blocks, so that no picture shows both.
#pragma once

#include <cstdint>
#include <vector>

#include "core/geo/raster.h"
#include "core/learn/layer_training/layer_labels.h"

namespace orthoscribe::learn {

struct AreaSplit {
  // Pictures to learn from: the blocks, and those that lie half a block further where all blocks beneath are learnt from.
  std::vector<geo::PixelRect> train;
  std::vector<geo::PixelRect> heldOut;
};

// Blocks are at most blockPx raster pixels wide and high and cover the raster; only those with the centre of a label take part,
// since nothing is known of the others. Where these are few, the blocks are halved, twice at most. Held out are blocks with
// objects, spread evenly in reading order: at least one, and never all. The same input gives the same split. heldOutShare: 0 <
// share < 1. Throws Error{InvalidInput} when the labels are all in one place, so that no two blocks hold some.
AreaSplit splitArea(std::int64_t width, std::int64_t height, std::int64_t blockPx, const std::vector<LayerLabel>& labels,
                    double heldOutShare);

// The middle of the smallest rectangle around the label.
geo::Point centreOf(const LayerLabel& label);

}  // namespace orthoscribe::learn
