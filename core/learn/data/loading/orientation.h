// SPDX-License-Identifier: GPL-2.0-or-later
// The eight ways in which a picture can lie, for which pixels, corners and words of direction all have exact counterparts.
#pragma once

#include <array>

#include "core/base/rgb_image.h"
#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {

// In the order in which a clockwise quarter turn leads from each to the next.
enum class Side { Left, Top, Right, Bottom };

// First mirrored left to right, if at all, then turned clockwise by quarter turns.
struct Orientation {
  bool mirrored = false;
  int quarterTurns = 0;  // 0..3

  bool isIdentity() const { return !mirrored && quarterTurns == 0; }
  bool swapsAxes() const { return quarterTurns % 2 == 1; }
  // Where what was on this side of the picture lies afterwards.
  Side turned(Side side) const;
  // The same for a place in a picture of width x height pixels, y down; the turned picture begins at (0, 0) again.
  geo::Point turned(geo::Point place, double width, double height) const;
  geo::Quad turned(const geo::Quad& quad, double width, double height) const;
  RgbImage turned(const RgbImage& image) const;

  bool operator==(const Orientation&) const = default;
};

// All of them, the identity first.
const std::array<Orientation, 8>& orientations();

}  // namespace orthoscribe::learn
