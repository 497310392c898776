// SPDX-License-Identifier: GPL-2.0-or-later
// What the grammars of several dialects share: labels, numbers and boxes in text that a model wrote.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/geo/oriented_box.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

bool isBlank(char character);
std::string_view trimmed(std::string_view text);
// ASCII letters only; other bytes stay.
std::string lowered(std::string_view text);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);

// The class that is meant by what the model said: the same without case and with '-' and '_' as ' ', also in the plural; else the
// longest class that stands in it as whole words ("1 large ship"); else the label as it was said. Nothing said and one class
// asked: that class.
std::string resolveLabel(std::string_view said, const std::vector<std::string>& classes);

// A decimal integer, or number, that fills the whole text, with an optional sign. Nothing for anything else, and for values no
// picture has (above a million).
std::optional<int> integerOf(std::string_view text);
std::optional<double> numberOf(std::string_view text);
// Numbers between commas, blanks allowed; nothing when one of them is none.
std::optional<std::vector<double>> numbersOf(std::string_view commaSeparated);

// An upright box by two opposite corners in one unit, for the whole picture `width` by `height` of these units.
struct UprightNumbers {
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
};
// Corners put in order and clipped to 0..width, 0..height; nothing when no area is left.
std::optional<UprightNumbers> cleaned(UprightNumbers box, double width, double height);
UprightNumbers scaled(const UprightNumbers& box, double factorX, double factorY);

// Corners from top left clockwise on the screen, turned by angleDeg clockwise about the centre; in pixels, so that the turn keeps
// right angles on pictures that are not square (reference/skynova.md 7.2).
geo::Quad turnedQuad(const UprightNumbers& box, double angleDeg);
// Bounds of a box, for dialects that know no angle.
UprightNumbers boundsOf(const geo::OrientedBox& box);

UprightNumbers boundsOf(const geo::Quad& quad);
// The corners in the order of their directions from their middle, clockwise on the screen (reference/rscovlm.md 2.5).
geo::Quad clockwise(geo::Quad quad);
// The bounds as a box.
geo::OrientedBox uprightBox(const geo::Quad& quad);

// Objects that stand next to each other under one name.
struct NamedGroup {
  std::string label;
  std::vector<geo::Quad> quads;
};
std::vector<NamedGroup> grouped(const std::vector<NamedQuad>& objects);

// A box as a rectangle before it was turned by 0 <= angleDeg < 90 clockwise.
struct TurnedBox {
  UprightNumbers box;
  double angleDeg = 0;
};
TurnedBox beforeTurning(const geo::OrientedBox& box);

// The box in the pixels in which the model sees the picture; right angles stay right there though the two scales differ a little.
geo::OrientedBox inModelPixels(const geo::OrientedBox& box, const PictureFrame& frame);
// Corners in those pixels, in the picture's.
geo::Quad toPicturePixels(geo::Quad quad, const PictureFrame& frame);

// Why a box whose sides do not span an area is dropped.
inline constexpr std::string_view kNoArea = "no area";
// Brings what several steps dropped into the order of the text.
void sortDropped(ParsedAnswer& answer);

// Calls visit(begin, end) for each line without its end; the last one without a line end only if `final`. Returns where the
// first line that was not visited begins.
template <typename Visit>
std::size_t forEachLine(std::string_view text, bool final, Visit&& visit) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) {
      if (!final) return begin;
      visit(begin, text.size());
      return text.size();
    }
    visit(begin, end);
    begin = end + 1;
  }
  return begin;
}

Message userMessage(std::string text, RgbImage picture);

}  // namespace orthoscribe::tasks
