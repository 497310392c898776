// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL: <ref>name</ref><box>[[x1, y1, x2, y2]]</box>, upright, 0..1000 of width and height (reference/skynova.md 7.1).
#include <cmath>
#include <string>

#include "core/tasks/dialects/bracket_grammar.h"
#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kWhole = 1000.0;

class InternVl final : public Dialect {
 public:
  std::string_view name() const override { return "internvl"; }
  const TaskPrompts& tasks() const override { return internvlTasks(); }
  int classesPerRequest() const override { return 1; }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage(
        "<image>\nPlease provide the bounding box coordinates of every <ref>" + joined(classes, ", ") + "</ref> in this image.",
        std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("<image>\nPlease describe the image in detail.", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage("<image>\n" + question, std::move(picture))};
  }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return bracketBoxes(text, {.onlyInBoxTags = true, .fewestNumbers = 4, .mostNumbers = 4}, kWhole, frame, classes, final);
  }

  // The bounds of a turned box: the family knows no angle.
  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    return "<ref>" + std::string(label) + "</ref><box>[" + numbersOfBox(boundsOf(box), frame) + "]</box>";
  }
  // A name, and in one list all boxes of that name.
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    if (objects.empty()) return Dialect::formatAnswer(objects, frame);
    std::string text;
    for (const NamedGroup& group : grouped(objects)) {
      std::vector<std::string> boxes;
      for (const geo::Quad& quad : group.quads) boxes.push_back(numbersOfBox(boundsOf(quad), frame));
      text += "<ref>" + group.label + "</ref><box>[" + joined(boxes, ", ") + "]</box>";
    }
    return text;
  }
  double unitsPerSide() const override { return kWhole; }

  // Four tiles of its own and a thumbnail.
  int lookSidePx(const ModelInfo& info) const override { return 2 * info.imageSidePx; }

 private:
  static std::string numbersOfBox(const UprightNumbers& box, const PictureFrame& frame) {
    const UprightNumbers bounds = scaled(box, kWhole / frame.width, kWhole / frame.height);
    const auto whole = [](double value) { return std::to_string(std::lround(value)); };
    return "[" + whole(bounds.x1) + ", " + whole(bounds.y1) + ", " + whole(bounds.x2) + ", " + whole(bounds.y2) + "]";
  }
};

}  // namespace

const Dialect& internvlDialect() {
  static const InternVl dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
