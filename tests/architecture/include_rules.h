// SPDX-License-Identifier: GPL-2.0-or-later
// The directions of dependency between rooms (DESIGN section 2), as a table that a test checks every source file against.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::architecture {

struct Violation {
  std::string file;
  int line = 0;
  std::string included;
  std::string why;
};

// file: path from the repository's root, with '/' ("core/geo/raster.cpp"). Files outside all rooms have no violations.
std::vector<Violation> checkText(std::string_view file, std::string_view text);

// Every .h, .cpp and .h.in under the rooms of `repository`.
std::vector<Violation> checkTree(const std::filesystem::path& repository);

}  // namespace orthoscribe::architecture
