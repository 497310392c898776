// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/grammar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <utility>

namespace orthoscribe::tasks {
namespace {

constexpr double kLargestNumber = 1e6;

// Lower case, '-' and '_' as ' ', single blanks.
std::string comparable(std::string_view label) {
  std::string result;
  for (const char character : lowered(label)) {
    const char plain = character == '-' || character == '_' || isBlank(character) ? ' ' : character;
    if (plain == ' ' && (result.empty() || result.back() == ' ')) continue;
    result += plain;
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

bool samePlural(const std::string& a, const std::string& b) {
  return a == b || a + "s" == b || a == b + "s";
}

bool holdsWords(const std::string& text, const std::string& words) {
  const std::string padded = " " + text + " ";
  return padded.find(" " + words + " ") != std::string::npos || padded.find(" " + words + "s ") != std::string::npos;
}

std::string_view withoutPlus(std::string_view text) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

bool isBlank(char character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& character : result) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return result;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (const std::string& part : parts) {
    if (!result.empty()) result += separator;
    result += part;
  }
  return result;
}

std::string resolveLabel(std::string_view said, const std::vector<std::string>& classes) {
  said = trimmed(said);
  if (said.empty() && classes.size() == 1) return classes.front();
  const std::string text = comparable(said);
  const std::string* best = nullptr;
  for (const std::string& name : classes) {
    const std::string wanted = comparable(name);
    if (wanted.empty()) continue;
    if (samePlural(text, wanted)) return name;
    if (holdsWords(text, wanted) && (best == nullptr || name.size() > best->size())) best = &name;
  }
  return best != nullptr ? *best : std::string(said);
}

std::optional<int> integerOf(std::string_view text) {
  text = withoutPlus(text);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::abs(value) > kLargestNumber) return std::nullopt;
  return value;
}

std::optional<double> numberOf(std::string_view text) {
  text = withoutPlus(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(value) <= kLargestNumber)) return std::nullopt;
  return value;
}

std::optional<std::vector<double>> numbersOf(std::string_view commaSeparated) {
  std::vector<double> numbers;
  std::size_t begin = 0;
  while (true) {
    const std::size_t comma = commaSeparated.find(',', begin);
    const std::size_t end = comma == std::string_view::npos ? commaSeparated.size() : comma;
    const std::optional<double> number = numberOf(trimmed(commaSeparated.substr(begin, end - begin)));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    if (comma == std::string_view::npos) return numbers;
    begin = comma + 1;
  }
}

std::optional<UprightNumbers> cleaned(UprightNumbers box, double width, double height) {
  if (box.x1 > box.x2) std::swap(box.x1, box.x2);
  if (box.y1 > box.y2) std::swap(box.y1, box.y2);
  box = {std::clamp(box.x1, 0.0, width), std::clamp(box.y1, 0.0, height), std::clamp(box.x2, 0.0, width),
         std::clamp(box.y2, 0.0, height)};
  if (!(box.x2 > box.x1) || !(box.y2 > box.y1)) return std::nullopt;
  return box;
}

UprightNumbers scaled(const UprightNumbers& box, double factorX, double factorY) {
  return {box.x1 * factorX, box.y1 * factorY, box.x2 * factorX, box.y2 * factorY};
}

geo::Quad turnedQuad(const UprightNumbers& box, double angleDeg) {
  geo::Quad quad = {geo::Point{box.x1, box.y1}, geo::Point{box.x2, box.y1}, geo::Point{box.x2, box.y2},
                    geo::Point{box.x1, box.y2}};
  if (angleDeg == 0.0) return quad;
  const double angle = angleDeg * std::numbers::pi / 180.0;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const geo::Point centre{(box.x1 + box.x2) / 2.0, (box.y1 + box.y2) / 2.0};
  for (geo::Point& corner : quad) {
    const double dx = corner.x - centre.x;
    const double dy = corner.y - centre.y;
    corner = {centre.x + cosine * dx - sine * dy, centre.y + sine * dx + cosine * dy};
  }
  return quad;
}

UprightNumbers boundsOf(const geo::OrientedBox& box) {
  return boundsOf(geo::corners(box));
}

UprightNumbers boundsOf(const geo::Quad& quad) {
  UprightNumbers bounds{quad[0].x, quad[0].y, quad[0].x, quad[0].y};
  for (const geo::Point corner : quad) {
    bounds = {std::min(bounds.x1, corner.x), std::min(bounds.y1, corner.y), std::max(bounds.x2, corner.x),
              std::max(bounds.y2, corner.y)};
  }
  return bounds;
}

geo::Quad clockwise(geo::Quad quad) {
  geo::Point middle;
  for (const geo::Point corner : quad) middle = {middle.x + corner.x / 4.0, middle.y + corner.y / 4.0};
  std::ranges::sort(quad, {}, [&](geo::Point corner) { return std::atan2(corner.y - middle.y, corner.x - middle.x); });
  return quad;
}

geo::OrientedBox uprightBox(const geo::Quad& quad) {
  const UprightNumbers bounds = boundsOf(quad);
  return geo::makeOrientedBox({(bounds.x1 + bounds.x2) / 2.0, (bounds.y1 + bounds.y2) / 2.0}, bounds.x2 - bounds.x1,
                              bounds.y2 - bounds.y1, 0.0);
}

std::vector<NamedGroup> grouped(const std::vector<NamedQuad>& objects) {
  std::vector<NamedGroup> groups;
  for (const NamedQuad& object : objects) {
    if (groups.empty() || groups.back().label != object.label) groups.push_back({object.label, {}});
    groups.back().quads.push_back(object.quad);
  }
  return groups;
}

TurnedBox beforeTurning(const geo::OrientedBox& box) {
  const bool longAcross = box.angleDeg < 0.0;
  const double width = longAcross ? box.shortSide : box.longSide;
  const double height = longAcross ? box.longSide : box.shortSide;
  return {{box.centre.x - width / 2.0, box.centre.y - height / 2.0, box.centre.x + width / 2.0, box.centre.y + height / 2.0},
          longAcross ? box.angleDeg + 90.0 : box.angleDeg};
}

geo::OrientedBox inModelPixels(const geo::OrientedBox& box, const PictureFrame& frame) {
  const double scaleX = frame.modelWidth / frame.width;
  const double scaleY = frame.modelHeight / frame.height;
  if (scaleX == scaleY) {
    return {{box.centre.x * scaleX, box.centre.y * scaleX}, box.longSide * scaleX, box.shortSide * scaleX, box.angleDeg};
  }
  geo::Quad quad = geo::corners(box);
  for (geo::Point& corner : quad) corner = {corner.x * scaleX, corner.y * scaleY};
  return geo::minimumAreaRectangle(quad);
}

geo::Quad toPicturePixels(geo::Quad quad, const PictureFrame& frame) {
  for (geo::Point& corner : quad) {
    corner = {corner.x * frame.width / frame.modelWidth, corner.y * frame.height / frame.modelHeight};
  }
  return quad;
}

void sortDropped(ParsedAnswer& answer) {
  std::ranges::stable_sort(answer.droppedParts, {}, &DroppedPart::textBegin);
}

Message userMessage(std::string text, RgbImage picture) {
  Message message;
  message.text = std::move(text);
  message.images.push_back(std::move(picture));
  return message;
}

}  // namespace orthoscribe::tasks
