// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/known_absence.h"

#include <algorithm>
#include <initializer_list>
#include <string>

namespace orthoscribe::learn {
namespace {

struct SceneObjects {
  std::string_view folder;
  std::initializer_list<int> labelled;
  std::initializer_list<int> possible;  // not labelled, but may be there
};

// What is not named for a scene is foreign to it. Judged from what the 21 scenes are and from looking at samples.
const std::initializer_list<SceneObjects> kTable = {
    {"agricultural", {}, {}},
    {"airplane", {kAirplane}, {kCar, kTruck, kBuilding, kStorageTank}},
    {"baseballdiamond", {kBaseballDiamond}, {kCar, kTruck, kBuilding, kTennisCourt, kSwimmingPool}},
    {"beach", {}, {kShip, kBuilding, kCar}},
    {"buildings", {kBuilding, kSwimmingPool}, {kCar, kTruck, kTennisCourt, kStorageTank}},
    {"chaparral", {}, {}},
    {"denseresidential", {}, {kBuilding, kSwimmingPool, kCar, kTruck, kTennisCourt}},
    {"forest", {}, {}},
    {"freeway", {kCar, kTruck}, {kBuilding, kSwimmingPool}},
    {"golfcourse", {}, {kBuilding, kCar, kTennisCourt, kSwimmingPool}},
    {"harbor", {kShip}, {kCar, kTruck, kBuilding}},
    {"intersection", {kCar, kTruck}, {kBuilding, kSwimmingPool, kTennisCourt}},
    {"mediumresidential", {}, {kBuilding, kSwimmingPool, kCar, kTruck, kTennisCourt}},
    {"mobilehomepark", {}, {kBuilding, kSwimmingPool, kCar, kTruck, kTennisCourt}},
    {"overpass", {kCar, kTruck}, {kBuilding}},
    {"parkinglot", {kCar, kTruck}, {kBuilding}},
    {"river", {}, {kShip, kBuilding, kCar}},
    {"runway", {}, {kAirplane, kBuilding, kCar}},
    {"sparseresidential", {kBuilding, kSwimmingPool}, {kCar, kTruck, kTennisCourt}},
    {"storagetanks", {kStorageTank}, {kCar, kTruck, kBuilding}},
    {"tenniscourt", {kTennisCourt}, {kBuilding, kSwimmingPool, kCar, kTruck, kBaseballDiamond}},
};

const SceneObjects* objectsOf(std::string_view folder) {
  const auto found = std::find_if(kTable.begin(), kTable.end(), [&](const SceneObjects& row) { return row.folder == folder; });
  return found == kTable.end() ? nullptr : found;
}

struct Denial {
  std::string_view key;
  int objectClass;
};

constexpr std::array<Denial, 8> kCountDenials = {{{"airplane", kAirplane},
                                                  {"boat", kShip},
                                                  {"car", kCar},
                                                  {"storage_tank", kStorageTank},
                                                  {"tennis_court", kTennisCourt},
                                                  {"baseball diamond", kBaseballDiamond},
                                                  {"building", kBuilding},
                                                  {"pool", kSwimmingPool}}};

constexpr std::array<Denial, 6> kAttributeDenials = {{{"airplanes", kAirplane},
                                                      {"boats", kShip},
                                                      {"cars", kCar},
                                                      {"buildings", kBuilding},
                                                      {"pool", kSwimmingPool},
                                                      {"court", kTennisCourt}}};

}  // namespace

ClassSet classesLabelledIn(std::string_view sceneFolder) {
  ClassSet set{};
  if (const SceneObjects* row = objectsOf(sceneFolder)) {
    for (const int objectClass : row->labelled) set[static_cast<std::size_t>(objectClass)] = true;
  }
  return set;
}

ClassSet classesForeignTo(std::string_view sceneFolder) {
  ClassSet set{};
  const SceneObjects* row = objectsOf(sceneFolder);
  if (!row) return set;
  set.fill(true);
  for (const int objectClass : row->labelled) set[static_cast<std::size_t>(objectClass)] = false;
  for (const int objectClass : row->possible) set[static_cast<std::size_t>(objectClass)] = false;
  return set;
}

ClassSet classesDeniedByCaption(const Sample& sample) {
  ClassSet set{};
  for (const Denial& denial : kCountDenials) {
    const auto count = sample.counts.find(std::string(denial.key));
    if (count != sample.counts.end() && count->second == 0) set[static_cast<std::size_t>(denial.objectClass)] = true;
  }
  for (const Denial& denial : kAttributeDenials) {
    const auto at = std::find(kAttributes.begin(), kAttributes.end(), denial.key) - kAttributes.begin();
    if (sample.attributes[static_cast<std::size_t>(at)] == Truth::No) set[static_cast<std::size_t>(denial.objectClass)] = true;
  }
  return set;
}

}  // namespace orthoscribe::learn
