// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/image_codec.h"
#include "core/base/text_encoding.h"
#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn::report {
namespace {

constexpr int kJpegQuality = 80;

std::string outlines(const std::vector<geo::Quad>& quads, const char* kind) {
  std::string markup;
  for (const geo::Quad& quad : quads) {
    std::string points;
    for (const geo::Point& corner : quad) points += (points.empty() ? "" : " ") + number(corner.x, 1) + "," + number(corner.y, 1);
    // A dark line below keeps the bright one readable on bright pictures.
    markup += "<polygon class=\"halo\" points=\"" + points + "\"/><polygon class=\"" + kind + "\" points=\"" + points + "\"/>";
  }
  return markup;
}

std::string pictureMarkup(const PicturedCase& pictured) {
  const RgbImage& picture = *pictured.picture;
  const std::string width = std::to_string(picture.width);
  const std::string height = std::to_string(picture.height);
  return "<svg class=\"picture\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" aria-label=\"" +
         escaped(pictured.title) + "\"><image width=\"" + width + "\" height=\"" + height + "\" href=\"data:image/jpeg;base64," +
         encodeBase64(encodeJpeg(picture, kJpegQuality)) + "\"/>" + outlines(pictured.truth, "truth") +
         outlines(pictured.found, "found") + "</svg>";
}

std::string entry(const char* name, const std::string& text) {
  return text.empty() ? "" : std::string("<dt>") + name + "</dt><dd>" + escaped(text) + "</dd>";
}

}  // namespace

std::string pictureFigure(const PicturedCase& pictured) {
  const bool seen = pictured.picture && !pictured.picture->empty();
  return "<article class=\"case\">" + (seen ? pictureMarkup(pictured) : std::string()) + "<div class=\"words\"><h4>" +
         escaped(pictured.title) + "</h4>" +
         (pictured.fault.empty() ? "" : "<p class=\"fault\">" + escaped(pictured.fault) + "</p>") + "<dl>" +
         entry("Question", pictured.question) + entry("Answer", pictured.answer) + entry("Truth", pictured.expected) +
         "</dl></div></article>";
}

}  // namespace orthoscribe::learn::report
