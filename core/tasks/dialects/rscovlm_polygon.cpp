// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's polygons, its usual shape: "x1,y1,x2,y2,x3,y3,x4,y4 name" (reference/rscovlm.md 2.5, 5.1, 5.2).
#include <algorithm>
#include <array>
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

// Corners clockwise on the screen from the topmost, then leftmost one.
std::vector<double> writePolygon(const geo::OrientedBox& box, const PictureFrame& frame) {
  const geo::Quad quad = geo::corners(box);
  std::array<std::array<double, 2>, 4> points{};
  for (std::size_t i = 0; i < quad.size(); ++i) {
    points[i] = {std::trunc(quad[i].x * frame.modelWidth / frame.width),
                 std::trunc(quad[i].y * frame.modelHeight / frame.height)};
  }
  const auto first = std::min_element(points.begin(), points.end(),
                                      [](const auto& a, const auto& b) { return a[1] != b[1] ? a[1] < b[1] : a[0] < b[0]; });
  std::rotate(points.begin(), first, points.end());
  std::vector<double> numbers;
  for (const auto& [x, y] : points) numbers.insert(numbers.end(), {x, y});
  return numbers;
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
                             .write = writePolygon};

}  // namespace

const Dialect& rscovlmPolygonDialect() {
  static const RscovlmDialect dialect(kShape);
  return dialect;
}

}  // namespace orthoscribe::tasks
