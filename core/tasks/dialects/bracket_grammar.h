// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of numbers in square brackets with names in tags, as InternVL, SkyNova and EarthDial write them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/dialect.h"
#include "core/tasks/text_span.h"

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
  TextSpan labelAt;
};

struct BracketScan {
  std::vector<BracketEntry> entries;
  std::vector<DroppedPart> dropped;
  std::size_t consumed = 0;
};

// Innermost lists, whatever the nesting; closing tags are not needed (reference/skynova.md 7.1). Time grows linearly with the
// text.
BracketScan scanBrackets(std::string_view text, const BracketRules& rules, bool final);

// The boxes of such lists: bounds in parts of `whole` of the picture's width and height, a fifth number is the angle in degrees
// by which the box is turned about its centre (reference/skynova.md 7.2).
ParsedAnswer bracketBoxes(std::string_view text, const BracketRules& rules, double whole, const PictureFrame& frame,
                          const std::vector<std::string>& classes, bool final);

}  // namespace orthoscribe::tasks
