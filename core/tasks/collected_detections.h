// SPDX-License-Identifier: GPL-2.0-or-later
// What a DetectSink was given, for whoever must keep it when the work ends early.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/geo/detection.h"

namespace orthoscribe::tasks {

class CollectedDetections {
 public:
  // For DetectSink::onTile.
  void add(const std::vector<geo::Detection>& found, const std::vector<std::size_t>& replaced) {
    for (const std::size_t index : replaced) all_.at(index).reset();
    all_.insert(all_.end(), found.begin(), found.end());
  }

  // Those that were not superseded, in the order they were found.
  std::vector<geo::Detection> remaining() const {
    std::vector<geo::Detection> result;
    for (const auto& detection : all_) {
      if (detection) result.push_back(*detection);
    }
    return result;
  }

 private:
  std::vector<std::optional<geo::Detection>> all_;
};

}  // namespace orthoscribe::tasks
