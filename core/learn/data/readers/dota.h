// SPDX-License-Identifier: GPL-2.0-or-later
// DOTA's label lines: "x1 y1 x2 y2 x3 y3 x4 y4 class difficult", pixels.
#pragma once

#include <optional>
#include <string_view>

#include "core/learn/data/record.h"

namespace orthoscribe::learn {

// Nothing for the two header lines ("imagesource:", "gsd:"). The last field may be missing; 0 is easy, 1 and 2 (cut by a tile)
// difficult. Throws Error{InvalidInput} without the place.
std::optional<LabelledShape> parseDotaLine(std::string_view line);

}  // namespace orthoscribe::learn
