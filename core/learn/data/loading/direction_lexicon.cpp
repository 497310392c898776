// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/direction_lexicon.h"

#include <algorithm>
#include <array>
#include <span>

namespace orthoscribe::learn {
namespace {

struct Family {
  WordFamily family;
  std::array<std::string_view, 4> words;  // left, top, right, bottom
};

constexpr Family kFamilies[] = {
    {WordFamily::Plain, {"left", "top", "right", "bottom"}},
    {WordFamily::Upper, {"left", "upper", "right", "lower"}},
    {WordFamily::Most, {"leftmost", "topmost", "rightmost", "bottommost"}},
    {WordFamily::Uppermost, {"leftmost", "uppermost", "rightmost", "lowermost"}},
    {WordFamily::Ward, {"leftward", "upward", "rightward", "downward"}},
    {WordFamily::Wards, {"leftwards", "upwards", "rightwards", "downwards"}},
    {WordFamily::Relation, {"to the left of", "above", "to the right of", "below"}},
    {WordFamily::Compass, {"west", "north", "east", "south"}},
};

constexpr std::string_view kEndings[] = {"", "ern", "erly", "ward", "wards", "bound", "ernmost"};

constexpr std::string_view kParts[] = {"left",    "right",  "half", "part",   "portion", "corner", "side",   "edge",
                                       "third",   "area",   "end",  "region", "middle",  "center", "centre", "section",
                                       "quarter", "border", "row",  "rows",   "and",     "or"};
constexpr std::string_view kPictures[] = {"image", "picture", "photo", "photograph", "scene",
                                          "frame", "view",    "map",   "it",         "tile"};
constexpr std::string_view kOrdinals[] = {"first", "second", "third", "fourth", "fifth", "sixth",  "last",
                                          "next",  "1st",    "2nd",   "3rd",    "4th",   "middle", "other"};

bool among(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const std::array<std::string_view, 4>& wordsOf(WordFamily family) {
  return std::find_if(std::begin(kFamilies), std::end(kFamilies), [&](const Family& one) { return one.family == family; })->words;
}

// The point of the compass that the word begins with; removed from it.
std::optional<Side> takePoint(std::string_view& word) {
  const auto& points = wordsOf(WordFamily::Compass);
  for (std::size_t side = 0; side < points.size(); ++side) {
    if (!word.starts_with(points[side])) continue;
    word.remove_prefix(points[side].size());
    return static_cast<Side>(side);
  }
  return std::nullopt;
}

std::optional<DirectionWord> compassWord(std::string_view word) {
  const std::optional<Side> first = takePoint(word);
  if (!first) return std::nullopt;
  const std::optional<Side> second = isVertical(*first) ? takePoint(word) : std::nullopt;
  if ((second && isVertical(*second)) || !among(kEndings, word)) return std::nullopt;
  return DirectionWord{WordFamily::Compass, word, *first, second};
}

}  // namespace

std::optional<DirectionWord> directionWord(std::string_view word) {
  for (const Family& family : kFamilies) {
    if (family.family == WordFamily::Compass) continue;
    const auto found = std::find(family.words.begin(), family.words.end(), word);
    if (found != family.words.end())
      return DirectionWord{family.family, {}, static_cast<Side>(found - family.words.begin()), std::nullopt};
  }
  std::optional<DirectionWord> point = compassWord(word);
  // The ending must outlive the text.
  if (point) point->ending = *std::find(std::begin(kEndings), std::end(kEndings), point->ending);
  return point;
}

std::string wordFor(WordFamily family, std::string_view ending, Side side) {
  return std::string(wordsOf(family)[static_cast<std::size_t>(side)]).append(ending);
}

bool namesPart(std::string_view word) {
  return among(kParts, word);
}

bool namesPicture(std::string_view word) {
  return among(kPictures, word);
}

bool isOrdinal(std::string_view word) {
  return among(kOrdinals, word);
}

}  // namespace orthoscribe::learn
