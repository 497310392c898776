// SPDX-License-Identifier: GPL-2.0-or-later
// The fixed lists that labels, heads and questions share: scenes, objects, attributes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/tasks/scene_classes.h"

namespace orthoscribe::learn {

inline constexpr std::array<std::string_view, 9> kObjectClasses = {
    "airplane", "ship", "car", "truck", "storage tank", "tennis court", "baseball diamond", "building", "swimming pool"};
inline constexpr std::size_t kObjectClassCount = kObjectClasses.size();

enum ObjectClass : int { kAirplane, kShip, kCar, kTruck, kStorageTank, kTennisCourt, kBaseballDiamond, kBuilding, kSwimmingPool };

// UC Merced's, as the model says them.
inline constexpr std::array<std::string_view, 21> kScenes = [] {
  std::array<std::string_view, 21> names;
  std::string_view rest = tasks::kUcMercedClasses;
  for (std::string_view& name : names) {
    name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
  return names;
}();
static_assert(kScenes.back() == "tennis court");
inline constexpr std::size_t kSceneCount = kScenes.size();

// Yes/no facts of the captions' files, in the order of the attribute head.
inline constexpr std::array<std::string_view, 15> kAttributes = {"water",     "trees", "grass",       "bare_soil", "sand",
                                                                 "pavement",  "road",  "buildings",   "cars",      "boats",
                                                                 "airplanes", "pool",  "field_crops", "court",     "dock"};
inline constexpr std::size_t kAttributeCount = kAttributes.size();

// By the name in label files, where '_' stands for a blank ("storage_tank"). Nothing for classes that are not trained.
std::optional<int> objectClassNamed(std::string_view name);
// The data set's folder of a scene: its words without blanks.
std::string folderOfScene(std::size_t scene);
std::optional<int> sceneOfFolder(std::string_view folder);

}  // namespace orthoscribe::learn
