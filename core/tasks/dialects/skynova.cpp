// SPDX-License-Identifier: GPL-2.0-or-later
// SkyNova and EarthDial (reference/skynova.md 7): [x1, y1, x2, y2, angle] in percent of the picture, the box before it is turned.
#include <cmath>
#include <string>

#include "core/tasks/dialects/bracket_grammar.h"
#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kWhole = 100.0;

class SkyNova final : public Dialect {
 public:
  std::string_view name() const override { return "skynova"; }
  const TaskPrompts& tasks() const override { return skynovaTasks(); }
  int classesPerRequest() const override { return 1; }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("[refer] [hr_rgb_0.5] <image> \n Give me the location of <ref>" + joined(classes, ", ") + "</ref>",
                        std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("[caption] [hr_rgb_0.5] <image> \n Could you please provide the caption for the input image?",
                        std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage("[hr_rgb_0.5] <image>\n " + question, std::move(picture))};
  }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return bracketBoxes(text, {.onlyInBoxTags = false, .fewestNumbers = 4, .mostNumbers = 5}, kWhole, frame, classes, final);
  }

  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    return "<ref>" + std::string(label) + "</ref> [" + numbersOfBox(box, frame) + "]";
  }
  // One class is asked for, and boxes only are the answer.
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    if (objects.empty()) return Dialect::formatAnswer(objects, frame);
    std::string boxes;
    for (const NamedQuad& object : objects) boxes += "[" + numbersOfBox(geo::minimumAreaRectangle(object.quad), frame) + "]";
    return "<box>" + boxes + "</box>";
  }
  double unitsPerSide() const override { return kWhole; }

  // Four tiles of its own and a thumbnail.
  int lookSidePx(const ModelInfo& info) const override { return 2 * info.imageSidePx; }

 private:
  static std::string numbersOfBox(const geo::OrientedBox& box, const PictureFrame& frame) {
    const TurnedBox turned = beforeTurning(box);
    const UprightNumbers percent = scaled(turned.box, kWhole / frame.width, kWhole / frame.height);
    const auto whole = [](double value) { return std::to_string(std::lround(value)); };
    return "[" + whole(percent.x1) + ", " + whole(percent.y1) + ", " + whole(percent.x2) + ", " + whole(percent.y2) + ", " +
           whole(turned.angleDeg) + "]";
  }
};

}  // namespace

const Dialect& skynovaDialect() {
  static const SkyNova dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
