// SPDX-License-Identifier: GPL-2.0-or-later
// A detected object on the map, and the merging of those seen twice in overlapping windows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/geo/oriented_box.h"

namespace orthoscribe::geo {

struct Detection {
  std::string label;
  std::optional<double> score;  // 0..1, from token probabilities
  Quad pixelQuad;               // corners in raster pixels
  Quad mapQuad;                 // corners in the raster's CRS; equal to pixelQuad without georeference
  int tile = 0;
  bool cutByTile = false;  // touches the border of its window, where the object may go on
};

inline constexpr double kContainedShare = 0.7;

// Keeps one of those that overlap by polygon IoU of their pixel corners above the threshold and have the same label, in
// whichever windows they were found: the higher score stays (a known one before an unknown one), at equal or unknown scores the
// one not cut by its window, then the larger, then the earlier. Besides, a cut box of which more than kContainedShare lies in
// an uncut one of the same label from another window goes, whatever the scores: it is a part of the same object.
// Order of the survivors is kept.
std::vector<Detection> mergeAcrossSeams(std::vector<Detection> detections, double iouThreshold);

}  // namespace orthoscribe::geo
