// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen2.5-VL: upright boxes in JSON, in pixels of the resized picture.
#include <string>

#include "core/base/smart_resize.h"
#include "core/tasks/dialects/dialects.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/qwen_json.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

class Qwen25Vl final : public Dialect {
 public:
  std::string_view name() const override { return "qwen2_5_vl"; }
  const TaskPrompts& tasks() const override { return qwen25VlTasks(); }

  // RSCoVLM's form for upright boxes (reference/rscovlm.md 2.5), which any Qwen2.5-VL understands.
  std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {
        userMessage("Locate every item from the category list in the image and output the coordinates in JSON format. The "
                    "category set includes " +
                        joined(classes, ", ") + ".",
                    std::move(picture))};
  }
  std::vector<Message> describeMessages(RgbImage picture) const override {
    return {userMessage("Describe this image.", std::move(picture))};
  }
  std::vector<Message> askMessages(const std::string& question, RgbImage picture) const override {
    return {userMessage(question, std::move(picture))};
  }
  int lookSidePx(const ModelInfo&) const override { return 1008; }

  bool countsResizedPixels() const override { return true; }
  PictureFrame frameOf(int width, int height) const override {
    const PictureSize seen = smartResize(width, height, {});
    return {double(width), double(height), double(seen.width), double(seen.height)};
  }

  ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                     bool final) const override {
    return parseQwenJson(text, frame, frame.modelWidth, frame.modelHeight, classes, final);
  }
  std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const override {
    return formatQwenJson(box, label, frame, frame.modelWidth, frame.modelHeight);
  }
  std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const override {
    return formatQwenList(objects, frame, frame.modelWidth, frame.modelHeight);
  }
};

}  // namespace

const Dialect& qwen25VlDialect() {
  static const Qwen25Vl dialect;
  return dialect;
}

}  // namespace orthoscribe::tasks
