// SPDX-License-Identifier: GPL-2.0-or-later
// RSCoVLM (reference/rscovlm.md 2.5, 2.6, 2.7 and 4).
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/rscovlm_lines.h"
#include "core/tasks/prompts/phrase.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

class RscovlmTasks final : public TaskPrompts {
 public:
  std::vector<std::string_view> classLists() const override { return {"aid", "resisc45", "ucmerced", "whu_rs19"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("Classify the image within one of the given classes:" + joined(classes, ",") + ".", std::move(picture))};
  }

  std::vector<BoxShape> groundShapes() const override { return {BoxShape::Turned, BoxShape::Upright}; }
  std::vector<Message> groundMessages(const std::string& phrase, BoxShape shape, RgbImage picture) const override {
    const Dialect& dialect = shape == BoxShape::Upright ? rscovlmHbbDialect() : rscovlmPolygonDialect();
    std::vector<Message> messages = dialect.detectMessages({phrase}, std::move(picture));
    messages.back().text = "find the " + withoutArticle(phrase);
    return messages;
  }
  ParsedAnswer parseGround(std::string_view text, const Dialect& dialect, const PictureFrame& frame, const std::string& phrase,
                           BoxShape shape) const override {
    if (shape == BoxShape::Upright) {
      ParsedAnswer upright = rscovlmHbbDialect().parse(text, frame, {phrase}, true);
      for (SpokenBox& box : upright.boxes) box.label = phrase;
      if (!upright.boxes.empty()) return upright;
    }
    // The prompt asked for polygons, whatever shape the dialect detects with.
    ParsedAnswer polygons = rscovlmPolygonDialect().parse(text, frame, {phrase}, true);
    return polygons.boxes.empty() ? dialect.parse(text, frame, {phrase}, true) : polygons;
  }
  // Polygons go counter-clockwise here, though the system text says otherwise (reference/rscovlm.md 2.6).
  std::string formatGround(const Dialect&, const std::string& phrase, const geo::Quad& quad, BoxShape shape,
                           const PictureFrame& frame) const override {
    const std::string words = withoutArticle(phrase);
    if (shape == BoxShape::Upright) return rscovlmHbbDialect().formatAnswer({{words, quad}}, frame);
    return rscovlmLine(polygonNumbers(quad, frame, Turning::CounterClockwise), words) + "\n";
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
