// SPDX-License-Identifier: GPL-2.0-or-later
// The class lists of the scene data sets that families were trained or measured on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::tasks {

// The names in a list with commas between, without blanks around them and without empty ones.
std::vector<std::string> classNames(std::string_view list);

// UC Merced land use, with commas between, in the words that models say; its folders are called the same without blanks.
inline constexpr std::string_view kUcMercedClasses =
    "agricultural,airplane,baseball diamond,beach,buildings,chaparral,dense residential,forest,freeway,golf course,harbor,"
    "intersection,medium residential,mobile home park,overpass,parking lot,river,runway,sparse residential,storage tanks,tennis "
    "court";

// "ucmerced" (UC Merced land use, 21), "aid" (AID, 30, spelled as its folders are), "resisc45" (NWPU-RESISC45), "whu_rs19"
// (WHU-RS19).
std::vector<std::string_view> sceneListNames();
// Throws Error{InvalidInput} listing the known ones.
std::vector<std::string> sceneClasses(std::string_view list);

}  // namespace orthoscribe::tasks
