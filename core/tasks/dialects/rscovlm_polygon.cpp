// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's polygons, its usual shape: "x1,y1,x2,y2,x3,y3,x4,y4 name" (reference/rscovlm.md 2.5, 5.1, 5.2).
#include <algorithm>
#include <cmath>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/rscovlm_lines.h"

namespace orthoscribe::tasks {
namespace {

std::string_view readPolygon(const std::vector<double>& numbers, const PictureFrame&, geo::Quad& quad) {
  for (std::size_t i = 0; i < quad.size(); ++i) quad[i] = {numbers[2 * i], numbers[2 * i + 1]};
  return {};
}

std::vector<double> writePolygon(const geo::OrientedBox& box, const PictureFrame& frame) {
  return polygonNumbers(geo::corners(box), frame, Turning::Clockwise);
}

std::vector<double> writeQuad(const geo::Quad& quad, const PictureFrame& frame) {
  return polygonNumbers(quad, frame, Turning::Clockwise);
}

const RscovlmShape kShape = {.name = "rscovlm_polygon",
                             .system =
                                 "As an AI assistant, you specialize in accurate oriented object detection, delivering "
                                 "coordinates of the polygon vertices in plain text format "
                                 "'x1,y1,x2,y2,x3,y3,x4,y4 object'.",
                             .jsonKey = "quadrant bbox",
                             .numbers = 8,
                             .moreAreIgnored = true,
                             .read = readPolygon,
                             .write = writePolygon,
                             .writeQuad = writeQuad};

}  // namespace

std::vector<double> polygonNumbers(const geo::Quad& quad, const PictureFrame& frame, Turning turning) {
  geo::Quad points = quad;
  for (geo::Point& point : points)
    point = {std::trunc(point.x * frame.modelWidth / frame.width), std::trunc(point.y * frame.modelHeight / frame.height)};
  points = clockwise(points);
  if (turning == Turning::CounterClockwise) std::ranges::reverse(points);
  const auto first =
      std::ranges::min_element(points, [](geo::Point a, geo::Point b) { return a.y != b.y ? a.y < b.y : a.x < b.x; });
  std::ranges::rotate(points, first);
  std::vector<double> numbers;
  for (const geo::Point point : points) numbers.insert(numbers.end(), {point.x, point.y});
  return numbers;
}

const Dialect& rscovlmPolygonDialect() {
  static const RscovlmDialect dialect(kShape);
  return dialect;
}

}  // namespace orthoscribe::tasks
