// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen3-VL: upright boxes in JSON, 0..1000 of width and height (reference/rscovlm.md 1.7).
#include <string>

#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/qwen_json.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

constexpr double kWhole = 1000.0;

class Qwen3Vl final : public Dialect {
 public:
  std::string_view name() const override { return "qwen3_vl"; }
  const TaskPrompts& tasks() const override { return qwen3VlTasks(); }

  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("Locate every object of these categories: " + joined(classes, ", ") +
                            ". Report bbox coordinates and labels in JSON format.",
                        std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("Describe this image.", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage(question, std::move(picture))};
  }
  int lookSidePx(const ModelInfo&) const override { return 1024; }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return parseQwenJson(text, frame, kWhole, kWhole, classes, final);
  }
  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    return formatQwenJson(box, label, frame, kWhole, kWhole);
  }
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    return formatQwenList(objects, frame, kWhole, kWhole);
  }
  double unitsPerSide() const override { return kWhole; }
};

}  // namespace

const Dialect& qwen3VlDialect() {
  static const Qwen3Vl dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
