// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen2.5-VL and Qwen3-VL: open vocabulary, upright boxes in JSON, function calls (reference/rscovlm.md 1.7, 2.6 and 4).
#include <string>

#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/phrase.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

class QwenTasks final : public TaskPrompts {
 public:
  explicit QwenTasks(const ZoomTalk& zoomTalk) : zoomTalk_(zoomTalk) {}

  std::vector<std::string_view> classLists() const override { return {"ucmerced", "aid", "resisc45", "whu_rs19"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("Classify the image within one of the given classes: " + joined(classes, ", ") +
                            ". Answer with the name of the class only.",
                        std::move(picture))};
  }

  std::vector<BoxShape> groundShapes() const override { return {BoxShape::Upright}; }
  std::vector<Message> groundMessages(const std::string& phrase, BoxShape, RgbImage picture) const override {
    return {userMessage("Locate the " + withoutArticle(phrase) + ", output the bbox coordinates using JSON format",
                        std::move(picture))};
  }

  bool comparesDates() const override { return true; }
  std::vector<Message> changeMessages(const std::string& question, RgbImage before, RgbImage after) const override {
    return twoPictures("The first image was taken before the second one, of the same place. " +
                           (question.empty() ? "What has changed?" : question),
                       std::move(before), std::move(after));
  }

  const ZoomTalk* zoomTalk() const override { return &zoomTalk_; }

 private:
  const ZoomTalk& zoomTalk_;
};

}  // namespace

const TaskPrompts& qwen25VlTasks() {
  static const QwenTasks tasks(zoomByPixels());
  return tasks;
}

const TaskPrompts& qwen3VlTasks() {
  static const QwenTasks tasks(zoomByThousandths());
  return tasks;
}

}  // namespace orthoscribe::tasks
