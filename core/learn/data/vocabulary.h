// SPDX-License-Identifier: GPL-2.0-or-later
// The fixed lists that labels, heads and questions share: scenes, objects, attributes.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orthoscribe::learn {

inline constexpr std::array<std::string_view, 9> kObjectClasses = {
    "airplane", "ship", "car", "truck", "storage tank", "tennis court", "baseball diamond", "building", "swimming pool"};
inline constexpr std::size_t kObjectClassCount = kObjectClasses.size();

enum ObjectClass : int { kAirplane, kShip, kCar, kTruck, kStorageTank, kTennisCourt, kBaseballDiamond, kBuilding, kSwimmingPool };

struct SceneName {
  std::string_view folder;  // as the data set's folders are called
  std::string_view words;   // as the model says it
};

inline constexpr std::array<SceneName, 21> kScenes = {{{"agricultural", "agricultural"},
                                                       {"airplane", "airplane"},
                                                       {"baseballdiamond", "baseball diamond"},
                                                       {"beach", "beach"},
                                                       {"buildings", "buildings"},
                                                       {"chaparral", "chaparral"},
                                                       {"denseresidential", "dense residential"},
                                                       {"forest", "forest"},
                                                       {"freeway", "freeway"},
                                                       {"golfcourse", "golf course"},
                                                       {"harbor", "harbor"},
                                                       {"intersection", "intersection"},
                                                       {"mediumresidential", "medium residential"},
                                                       {"mobilehomepark", "mobile home park"},
                                                       {"overpass", "overpass"},
                                                       {"parkinglot", "parking lot"},
                                                       {"river", "river"},
                                                       {"runway", "runway"},
                                                       {"sparseresidential", "sparse residential"},
                                                       {"storagetanks", "storage tanks"},
                                                       {"tenniscourt", "tennis court"}}};
inline constexpr std::size_t kSceneCount = kScenes.size();

// Yes/no facts of the captions' files, in the order of the attribute head.
inline constexpr std::array<std::string_view, 15> kAttributes = {"water",     "trees", "grass",       "bare_soil", "sand",
                                                                 "pavement",  "road",  "buildings",   "cars",      "boats",
                                                                 "airplanes", "pool",  "field_crops", "court",     "dock"};
inline constexpr std::size_t kAttributeCount = kAttributes.size();

// By the name in label files, where '_' stands for a blank ("storage_tank"). Nothing for classes that are not trained.
std::optional<int> objectClassNamed(std::string_view name);
std::optional<int> sceneOfFolder(std::string_view folder);

}  // namespace orthoscribe::learn
