// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/scene_classes.h"

#include <array>

#include "core/base/error.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

struct SceneList {
  std::string_view name;
  std::string_view classes;  // with commas between
};

constexpr std::array<SceneList, 4> kLists = {{
    {"ucmerced", kUcMercedClasses},
    {"aid",
     "Airport,BareLand,BaseballField,Beach,Bridge,Center,Church,Commercial,DenseResidential,Desert,Farmland,Forest,Industrial,"
     "Meadow,MediumResidential,Mountain,Park,Parking,Playground,Pond,Port,RailwayStation,Resort,River,School,SparseResidential,"
     "Square,Stadium,StorageTanks,Viaduct"},
    {"resisc45",
     "airplane,airport,baseball diamond,basketball court,beach,bridge,chaparral,church,circular farmland,cloud,commercial area,"
     "dense residential,desert,forest,freeway,golf course,ground track field,harbor,industrial area,intersection,island,lake,"
     "meadow,medium residential,mobile home park,mountain,overpass,palace,parking lot,railway,railway station,rectangular "
     "farmland,river,roundabout,runway,sea ice,ship,snowberg,sparse residential,stadium,storage tank,tennis court,terrace,"
     "thermal power station,wetland"},
    {"whu_rs19",
     "airport,beach,bridge,commercial,desert,farmland,football field,forest,industrial,meadow,mountain,park,parking,pond,port,"
     "railway station,residential,river,viaduct"},
}};

}  // namespace

std::vector<std::string> classNames(std::string_view list) {
  std::vector<std::string> names;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view name = trimmed(list.substr(0, comma));
    if (!name.empty()) names.emplace_back(name);
    if (comma == std::string_view::npos) return names;
    list.remove_prefix(comma + 1);
  }
}

std::vector<std::string_view> sceneListNames() {
  std::vector<std::string_view> names;
  for (const SceneList& list : kLists) names.push_back(list.name);
  return names;
}

std::vector<std::string> sceneClasses(std::string_view name) {
  for (const SceneList& list : kLists) {
    if (list.name == name) return classNames(list.classes);
  }
  std::vector<std::string> known;
  for (const SceneList& list : kLists) known.emplace_back(list.name);
  throw Error(ErrorCode::InvalidInput, "the class list '" + std::string(name) + "' is not known",
              "known are " + joined(known, ", "));
}

}  // namespace orthoscribe::tasks
