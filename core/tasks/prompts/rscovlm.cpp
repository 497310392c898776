// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM (reference/rscovlm.md 2.5, 2.6, 2.7 and 4).
#include <array>
#include <string>

#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/phrase.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr std::string_view kUprightSystem =
    "As an AI assistant, you specialize in accurate image object detection, delivering coordinates in plain text format "
    "'x1,y1,x2,y2 object'.";
constexpr std::string_view kPolygonSystem =
    "As an AI assistant, you specialize in accurate oriented object detection, delivering coordinates of the polygon vertices in "
    "plain text format 'x1,y1,x2,y2,x3,y3,x4,y4 object'.";

// "x1,y1,x2,y2 name" in pixels of the resized picture.
ParsedAnswer uprightLines(std::string_view text, const PictureFrame& frame, const std::string& phrase) {
  ParsedAnswer answer;
  answer.consumed = forEachLine(text, true, [&](std::size_t begin, std::size_t end) {
    const std::string_view line = trimmed(text.substr(begin, end - begin));
    if (line.empty() || lowered(line).starts_with("there are none")) return;
    // Numbers may have blanks after their commas; the name begins with the first letter.
    const std::size_t label = std::min(line.find_first_not_of("0123456789+-., \t"), line.size());
    const auto numbers = numbersOf(trimmed(line.substr(0, label)));
    std::optional<UprightNumbers> box;
    if (numbers && numbers->size() == 4) {
      box = cleaned({(*numbers)[0], (*numbers)[1], (*numbers)[2], (*numbers)[3]}, frame.modelWidth, frame.modelHeight);
    }
    if (!box) {
      ++answer.dropped;
      return;
    }
    const UprightNumbers pixels = scaled(*box, frame.width / frame.modelWidth, frame.height / frame.modelHeight);
    const auto offset = static_cast<std::size_t>(line.data() - text.data());
    answer.boxes.push_back({phrase, turnedQuad(pixels, 0.0), offset, offset + line.size()});
  });
  return answer;
}

class RscovlmTasks final : public TaskPrompts {
 public:
  std::vector<std::string_view> classLists() const override { return {"aid", "resisc45", "ucmerced", "whu_rs19"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("Classify the image within one of the given classes:" + joined(classes, ",") + ".", std::move(picture))};
  }

  std::vector<BoxShape> groundShapes() const override { return {BoxShape::Turned, BoxShape::Upright}; }
  std::vector<Message> groundMessages(const std::string& phrase, BoxShape shape, RgbImage picture) const override {
    Message system;
    system.role = Role::System;
    system.text = shape == BoxShape::Upright ? kUprightSystem : kPolygonSystem;
    return {std::move(system), userMessage("find the " + withoutArticle(phrase), std::move(picture))};
  }
  ParsedAnswer parseGround(std::string_view text, const Dialect& dialect, const PictureFrame& frame, const std::string& phrase,
                           BoxShape shape) const override {
    if (shape == BoxShape::Upright) {
      ParsedAnswer upright = uprightLines(text, frame, phrase);
      if (!upright.boxes.empty()) return upright;
    }
    return dialect.parse(text, frame, {phrase}, true);
  }

  // It was shown pairs of dates (TEOChatlas: xBD, S2Looking, QFabric) before the question about them.
  bool comparesDates() const override { return true; }
  std::vector<Message> changeMessages(const std::string& question, RgbImage before, RgbImage after) const override {
    return twoPictures(question.empty() ? "What has changed between the two images?" : question, std::move(before),
                       std::move(after));
  }

  const ZoomTalk* zoomTalk() const override { return &zoomByPixels(); }
};

}  // namespace

const TaskPrompts& rscovlmTasks() {
  static const RscovlmTasks tasks;
  return tasks;
}

}  // namespace orthoscribe::tasks
