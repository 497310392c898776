// SPDX-License-Identifier: GPL-2.0-or-later
// Boxes in the text of ready conversations, "[x1, y1, x2, y2]" in percent of the picture, as TEOChatlas and GeoChat's data write
// them (reference/rscovlm.md 2.7).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

struct SpokenList {
  std::vector<int> numbers;
  std::size_t begin = 0;  // from '[' to behind ']'
  std::size_t end = 0;
};

// Innermost lists of four or five whole numbers; the fifth is an angle.
std::vector<SpokenList> boxLists(std::string_view text);

// The same text with the numbers of these lists in other units: v * width / 100 for x, v * height / 100 for y, truncated; an
// angle stays.
std::string rescaledBoxes(std::string_view text, double width, double height);

// Whether nothing else is said: blanks, brackets, commas, full stops and "and" between them do not count.
bool holdsOnlyBoxes(std::string_view text);

}  // namespace orthoscribe::learn
