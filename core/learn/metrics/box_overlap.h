// SPDX-License-Identifier: GPL-2.0-or-later
// The overlaps that boxes are judged by.
#pragma once

#include <vector>

#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {

// Intersection over union of the upright boxes around both, in pixels; 0 where they share at most one pixel in either direction,
// as RSCoVLM's evaluation has it (rscovlm.md section 6).
double uprightOverlap(const geo::Quad& a, const geo::Quad& b);

// Intersection over union of two simple polygons; quick where they lie apart, as most of a whole layer do.
double outlineOverlap(const std::vector<geo::Point>& a, const std::vector<geo::Point>& b);

}  // namespace orthoscribe::learn
