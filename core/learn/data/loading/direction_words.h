// SPDX-License-Identifier: GPL-2.0-or-later
// Words of direction that follow a picture when it is turned or mirrored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/learn/data/loading/orientation.h"

namespace orthoscribe::learn {

// The text as it has to read beside the turned picture: "top left" of a mirrored one is "top right", "above" after a clockwise
// quarter turn is "to the right of". Left, right, top, bottom, upper, lower, above, below, the points of the compass with their
// endings (north is the top of the picture, before and after), leftmost and its like, horizontal and vertical, clockwise and
// the other way; capitals and "a" or "an" are kept right. Nothing when there are words whose meaning would not be sure: "up",
// "lower buildings", "second row", "North Carolina", "o'clock", or a form of coordinates that tells of corners. English only.
std::optional<std::string> turnDirectionWords(std::string_view text, const Orientation& orientation);

}  // namespace orthoscribe::learn
