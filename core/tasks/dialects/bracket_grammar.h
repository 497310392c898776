// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of numbers in square brackets with names in tags, as InternVL, SkyNova and EarthDial write them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::tasks {

struct BracketRules {
  bool onlyInBoxTags = false;  // lists outside <box>...</box> do not count
  std::size_t fewestNumbers = 4;
  std::size_t mostNumbers = 4;
};

struct BracketEntry {
  std::vector<double> numbers;
  std::string_view label;  // nearest <ref> or <p> before it; empty: none
  std::size_t begin = 0;   // from '[' to behind ']'
  std::size_t end = 0;
};

struct BracketScan {
  std::vector<BracketEntry> entries;
  int dropped = 0;
  std::size_t consumed = 0;
};

// Innermost lists, whatever the nesting; closing tags are not needed (reference/skynova.md 7.1). Time grows linearly with the
// text.
BracketScan scanBrackets(std::string_view text, const BracketRules& rules, bool final);

}  // namespace orthoscribe::tasks
