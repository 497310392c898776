// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL: numbered pictures, phrases between <ref> tags, upright boxes (reference/skynova.md 7.1, 7.3).
#include <string>

#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/phrase.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

class InternVlTasks final : public TaskPrompts {
 public:
  std::vector<std::string_view> classLists() const override { return {"ucmerced", "aid", "resisc45", "whu_rs19"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("<image>\nWhich of these classes does the image show: " + joined(classes, ", ") +
                            "?\nAnswer the question using a single word or phrase.",
                        std::move(picture))};
  }

  std::vector<BoxShape> groundShapes() const override { return {BoxShape::Upright}; }
  std::vector<Message> groundMessages(const std::string& phrase, BoxShape, RgbImage picture) const override {
    return {userMessage("<image>\nPlease provide the bounding box coordinate of the region this sentence describes: <ref>" +
                            std::string(trimmed(phrase)) + "</ref>",
                        std::move(picture))};
  }

  bool comparesDates() const override { return true; }
  std::vector<Message> changeMessages(const std::string& question, RgbImage before, RgbImage after) const override {
    return twoPictures(
        "Image-1: <image>\nImage-2: <image>\n" + (question.empty() ? "What has changed between the two images?" : question),
        std::move(before), std::move(after));
  }
};

}  // namespace

const TaskPrompts& internvlTasks() {
  static const InternVlTasks tasks;
  return tasks;
}

}  // namespace orthoscribe::tasks
