// SPDX-License-Identifier: GPL-2.0-or-later
// Merges the boxes of each new window with those found before, while the work runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/geo/detection.h"

namespace orthoscribe::tasks {

class SeamMerger {
 public:
  // cellSide: raster pixels, about the side of a window.
  SeamMerger(double iouThreshold, double cellSide);

  struct Merged {
    std::vector<geo::Detection> found;  // of the new boxes, those that stay; they take the next numbers
    std::vector<std::size_t> replaced;  // numbers of earlier ones that they supersede, ascending
  };
  // Rules: geo::mergeAcrossSeams.
  Merged add(std::vector<geo::Detection> ofOneWindow);

  std::size_t count() const { return alive_; }
  // Those that stayed to the end, in the order of their numbers.
  std::vector<geo::Detection> take();

 private:
  struct Numbered {
    geo::Detection detection;
    bool alive = true;
  };
  std::vector<std::size_t> livingNear(const std::vector<geo::Detection>& boxes) const;
  void append(geo::Detection detection);

  double iouThreshold_;
  double cellSide_;
  std::vector<Numbered> all_;
  std::size_t alive_ = 0;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> cells_;  // numbers of the boxes whose bounds touch a cell
};

}  // namespace orthoscribe::tasks
