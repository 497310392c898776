// SPDX-License-Identifier: GPL-2.0-or-later
// Labelled shapes at the border of a picture or a tile.
#pragma once

#include <optional>

#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {

// What is left of a shape within 0..width, 0..height (pixels): the shape itself when it lies inside; else the rectangle around
// the visible part, in the direction of the shape's own smallest rectangle, so that a cut box keeps its angle (its corners may
// still stick out). Nothing when no area is left.
std::optional<geo::Quad> clippedTo(const geo::Quad& quad, double width, double height);

// Share of the shape's area that lies within, 0..1; 0 for a shape without area.
double visibleShare(const geo::Quad& quad, double width, double height);

// Whether the smallest rectangle around the corners has no area.
bool hasNoArea(const geo::Quad& quad);

}  // namespace orthoscribe::learn
