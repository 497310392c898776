// SPDX-License-Identifier: GPL-2.0-or-later
// One training picture and everything that is known about it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/rgb_image.h"
#include "core/learn/data/box_labels.h"
#include "core/learn/data/vocabulary.h"

namespace orthoscribe::learn {

// A fact that may not be known.
enum class Truth : std::int8_t { Unknown = -1, No = 0, Yes = 1 };

struct Sample {
  std::string name;  // relative to the data folder, "scenes/ucmerced/airplane/airplane01.jpg"
  RgbImage image;
  double nativeScale = 1.0;  // factor that brings the picture to the model's ground resolution
  std::optional<int> scene;  // index into kScenes
  std::vector<LabelledBox> boxes;
  std::array<bool, kObjectClassCount>
      boxesKnown{};         // every object of that class has a box, so that an empty place is a true "none"
  bool shapesKnown = true;  // false: boxes are upright around turned objects; only their centres teach
  std::string caption;      // one sentence; empty if there is none
  std::string detail;
  std::array<Truth, kAttributeCount> attributes = unknownAttributes();
  std::map<std::string, int> counts;  // as written in the captions' files: "car", "storage_tank", ...

  static constexpr std::array<Truth, kAttributeCount> unknownAttributes() {
    std::array<Truth, kAttributeCount> all{};
    all.fill(Truth::Unknown);
    return all;
  }
};

}  // namespace orthoscribe::learn
