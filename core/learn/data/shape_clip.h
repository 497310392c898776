// SPDX-License-Identifier: GPL-2.0-or-later
// Labelled shapes at the border of a picture or a tile.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/geo/box_grid.h"
#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {

// The part of the polygon within the frame, borders included, its corners in order; empty when no area is left. For polygons that
// are not convex parts may be joined along the border (Sutherland and Hodgman 1974).
std::vector<geo::Point> visiblePart(std::span<const geo::Point> polygon, const geo::UprightBox& frame);

// What is left of a shape within 0..width, 0..height (pixels): the shape itself when it lies inside; else the rectangle around
// the visible part, in the direction of the shape's own smallest rectangle, so that a cut box keeps its angle (its corners may
// still stick out). Nothing when no area is left.
std::optional<geo::Quad> clippedTo(const geo::Quad& quad, double width, double height);

// Share of the shape's area that lies within, 0..1; 0 for a shape without area.
double visibleShare(const geo::Quad& quad, double width, double height);

// Whether the smallest rectangle around the corners has no area.
bool hasNoArea(const geo::Quad& quad);

}  // namespace orthoscribe::learn
