// SPDX-License-Identifier: GPL-2.0-or-later
// What the tower's localisation head should say for a view: heat over cells for each class, and the box where an object is.
// Centres as points with a Gaussian around them: Zhou et al., "Objects as Points" (2019), section 3; here the Gaussian follows
// the box's two axes, because ships and cars stand side by side.
#pragma once

#include <torch/types.h>

#include <span>
#include <vector>

#include "core/geo/oriented_box.h"
#include "core/learn/data/view.h"

namespace orthoscribe::learn {

// Geometry channels of one cell: centre offset x, y from the cell's centre (in cells), ln(long side / 16 px), ln(short side / 16
// px), and the cosine and sine of twice the angle, which is the same for a box turned by 180 degrees.
inline constexpr int kGeometryChannels = 6;
inline constexpr double kReferenceSidePx = 16;

struct BoxTargets {
  torch::Tensor heat;            // float32 [classes, cells, cells], 1 at an object's cell
  torch::Tensor heatWeight;      // float32 [classes, cells, cells], 0 where nothing is known
  torch::Tensor geometry;        // float32 [6, cells, cells]
  torch::Tensor geometryWeight;  // float32 [1, cells, cells]; sums to 1 for each object
  torch::Tensor angleWeight;     // float32 [1, cells, cells]; geometryWeight times how much the angle matters for the shape
};

// side: of the view in pixels; cell: its pixels a cell, which divides the side.
BoxTargets makeBoxTargets(const Sample& sample, const View& view, int side, int cell);

}  // namespace orthoscribe::learn
