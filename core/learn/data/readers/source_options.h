// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader is told about a data set beside its place.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orthoscribe::learn {

struct SourceOptions {
  std::filesystem::path source;           // file or folder
  std::filesystem::path imageRoot = {};   // empty: where the format usually has its pictures
  std::vector<std::string> classes = {};  // labels of other classes are bad records; empty: any
  std::string part = {};                  // "train", "test": only that part, where the format tells parts apart; empty: all
  std::filesystem::path labels = {};      // vector labels of a raster; empty: the vector file beside it
  std::string labelField = {};            // attribute with a polygon's class; empty: "class" or "label"
};

}  // namespace orthoscribe::learn
