// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/qwen_json.h"

#include <cmath>
#include <optional>
#include <utility>

#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/json_grammar.h"

namespace orthoscribe::tasks {

ParsedAnswer parseQwenJson(std::string_view text, const PictureFrame& frame, double unitWidth, double unitHeight,
                           const std::vector<std::string>& classes, bool final) {
  const JsonScan scan = scanJson(text, {"bbox_2d", "bbox"}, final);
  ParsedAnswer answer;
  answer.consumed = scan.consumed;
  for (const DroppedPart& part : scan.dropped) answer.drop(part);
  for (const JsonEntry& entry : scan.entries) {
    const auto& n = entry.numbers;
    std::optional<UprightNumbers> box;
    if (n.size() == 4) box = cleaned({n[0], n[1], n[2], n[3]}, unitWidth, unitHeight);
    if (!box) {
      answer.drop(entry.begin, entry.end, n.size() == 4 ? kNoArea : "wrong count of numbers");
      continue;
    }
    const UprightNumbers pixels = scaled(*box, frame.width / unitWidth, frame.height / unitHeight);
    answer.boxes.push_back(
        {resolveLabel(entry.label, classes), turnedQuad(pixels, 0.0), entry.begin, entry.end, {entry.numbersAt, entry.labelAt}});
  }
  sortDropped(answer);
  return answer;
}

std::string formatQwenJson(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame, double unitWidth,
                           double unitHeight) {
  const UprightNumbers bounds = scaled(boundsOf(box), unitWidth / frame.width, unitHeight / frame.height);
  const auto whole = [](double value) { return std::to_string(std::lround(value)); };
  return "{\"bbox_2d\": [" + whole(bounds.x1) + ", " + whole(bounds.y1) + ", " + whole(bounds.x2) + ", " + whole(bounds.y2) +
         "], \"label\": " + jsonString(label) + "}";
}

std::string formatQwenList(const std::vector<NamedQuad>& objects, const PictureFrame& frame, double unitWidth,
                           double unitHeight) {
  if (objects.empty()) return "There are none.";
  std::vector<std::string> entries;
  for (const NamedQuad& object : objects)
    entries.push_back("\t" + formatQwenJson(uprightBox(object.quad), object.label, frame, unitWidth, unitHeight));
  return "```json\n[\n" + joined(entries, ",\n") + "\n]\n```";
}

}  // namespace orthoscribe::tasks
