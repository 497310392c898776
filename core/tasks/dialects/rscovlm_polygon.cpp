// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM's plain polygons (reference/rscovlm.md 2.5, 5.1, 5.2): one line an object, in pixels of the resized picture.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/json_grammar.h"
#include "core/tasks/dialects/smart_resize.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr ResizeLimits kLimits = {.factor = 28, .minPixels = 64 * 784, .maxPixels = 1296 * 784};
constexpr std::size_t kNumbers = 8;
constexpr std::string_view kSystem =
    "As an AI assistant, you specialize in accurate oriented object detection, delivering coordinates of the polygon vertices in "
    "plain text format 'x1,y1,x2,y2,x3,y3,x4,y4 object'.";

struct PolygonLine {
  std::array<double, kNumbers> numbers{};
  std::string_view label;
};

// Nothing when there are fewer than eight integers before the label; of more, the first eight count.
std::optional<PolygonLine> readPolygonLine(std::string_view line) {
  PolygonLine result;
  std::size_t count = 0;
  while (true) {
    const std::size_t length = std::min(line.find_first_of(", \t"), line.size());
    const std::optional<int> number = integerOf(line.substr(0, length));
    if (!number) return std::nullopt;
    if (count < kNumbers) result.numbers[count] = *number;
    ++count;
    const std::string_view rest = trimmed(line.substr(length));
    if (rest.empty() || rest.front() != ',') {
      result.label = rest;
      break;
    }
    line = trimmed(rest.substr(1));
  }
  if (count < kNumbers) return std::nullopt;
  return result;
}

geo::Quad toPicture(const double* numbers, const PictureFrame& frame) {
  geo::Quad quad;
  for (std::size_t i = 0; i < quad.size(); ++i) {
    quad[i] = {numbers[2 * i] * frame.width / frame.modelWidth, numbers[2 * i + 1] * frame.height / frame.modelHeight};
  }
  return quad;
}

class RscovlmPolygon final : public Dialect {
 public:
  std::string_view name() const override { return "rscovlm_polygon"; }
  const TaskPrompts& tasks() const override { return rscovlmTasks(); }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    std::vector<std::string> cleanedNames;
    for (const std::string& name : classes) {
      std::string clean = lowered(name);
      std::replace(clean.begin(), clean.end(), '-', ' ');
      cleanedNames.push_back(std::move(clean));
    }
    std::sort(cleanedNames.begin(), cleanedNames.end());
    Message system;
    system.role = Role::System;
    system.text = kSystem;
    return {std::move(system), userMessage("find the " + joined(cleanedNames, ", ") + ".", std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("Describe the image", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage(question, std::move(picture))};
  }
  int lookSidePx(const ModelInfo&) const override { return 1008; }

  PictureFrame frameOf(int width, int height) const override {
    const PictureSize seen = smartResize(width, height, kLimits);
    return {double(width), double(height), double(seen.width), double(seen.height)};
  }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    const std::string_view begun = trimmed(text);
    if (!begun.empty() && (begun.front() == '`' || begun.front() == '[' || begun.front() == '{')) {
      return parseJson(text, frame, classes, final);
    }
    ParsedAnswer answer;
    answer.consumed = forEachLine(text, final, [&](std::size_t begin, std::size_t end) {
      const std::string_view line = trimmed(text.substr(begin, end - begin));
      if (line.empty() || isNone(line)) return;
      const std::optional<PolygonLine> polygon = readPolygonLine(line);
      std::string label = polygon ? resolveLabel(lowered(polygon->label), classes) : std::string();
      if (label.empty()) {
        ++answer.dropped;
        return;
      }
      const auto offset = static_cast<std::size_t>(line.data() - text.data());
      answer.boxes.push_back({std::move(label), toPicture(polygon->numbers.data(), frame), offset, offset + line.size()});
    });
    return answer;
  }

  // Corners clockwise on the screen from the topmost, then leftmost one, truncated as in training.
  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    const geo::Quad quad = geo::corners(box);
    std::array<std::array<long, 2>, 4> points{};
    for (std::size_t i = 0; i < quad.size(); ++i) {
      points[i] = {std::lround(std::trunc(quad[i].x * frame.modelWidth / frame.width)),
                   std::lround(std::trunc(quad[i].y * frame.modelHeight / frame.height))};
    }
    const auto first = std::min_element(points.begin(), points.end(),
                                        [](const auto& a, const auto& b) { return a[1] != b[1] ? a[1] < b[1] : a[0] < b[0]; });
    std::rotate(points.begin(), first, points.end());
    std::string text;
    for (const auto& [x, y] : points) text += (text.empty() ? "" : ",") + std::to_string(x) + "," + std::to_string(y);
    return text + " " + std::string(label);
  }

 private:
  static bool isNone(std::string_view line) {
    if (line.back() == '.') line.remove_suffix(1);
    return lowered(line) == "there are none";
  }

  // The JSON form of the same family. It is read from its start each time, for its tail does not show what it is.
  static ParsedAnswer parseJson(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                                bool final) {
    JsonScan scan = scanJson(text, {"quadrant bbox"}, final);
    ParsedAnswer answer;
    answer.dropped = scan.dropped;
    answer.consumed = final ? text.size() : 0;
    for (const JsonEntry& entry : scan.entries) {
      std::string label = resolveLabel(lowered(entry.label), classes);
      if (entry.numbers.size() < kNumbers || label.empty()) {
        ++answer.dropped;
        continue;
      }
      answer.boxes.push_back({std::move(label), toPicture(entry.numbers.data(), frame), entry.begin, entry.end});
    }
    return answer;
  }
};

}  // namespace

const Dialect& rscovlmPolygonDialect() {
  static const RscovlmPolygon dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
