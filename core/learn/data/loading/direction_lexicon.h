// SPDX-License-Identifier: GPL-2.0-or-later
// English words of direction, as far as they have exact counterparts on the other sides of a picture.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/learn/data/loading/orientation.h"

namespace orthoscribe::learn {

// Words that belong together: one for each side.
enum class WordFamily { Plain, Upper, Most, Uppermost, Ward, Wards, Relation, Compass };

struct DirectionWord {
  WordFamily family = WordFamily::Plain;
  std::string_view ending;  // of the points of the compass: "", "ern", "erly", ...
  Side side = Side::Left;
  std::optional<Side> second = std::nullopt;  // "northwest": left
};

// word: small letters. Left and right belong to the family Plain.
std::optional<DirectionWord> directionWord(std::string_view word);

// The word of the family for this side: several words for relations ("to the left of").
std::string wordFor(WordFamily family, std::string_view ending, Side side);

inline bool isVertical(Side side) {
  return side == Side::Top || side == Side::Bottom;
}

// Whether a word behind "lower" says that a part of the picture is meant, not a height or an amount.
bool namesPart(std::string_view word);
// The picture itself, as in "the left of the image".
bool namesPicture(std::string_view word);
// first, second, 3rd, last, ...
bool isOrdinal(std::string_view word);

}  // namespace orthoscribe::learn
