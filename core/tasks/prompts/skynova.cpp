// SPDX-License-Identifier: GPL-2.0-or-later
// SkyNova and EarthDial (reference/skynova.md 7.3). The backslash and the n are two characters, as the data sets store them and
// training saw them.
#include <string>

#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/phrase.h"
#include "core/tasks/prompts/prompts.h"
#include "core/tasks/scene_classes.h"

namespace orthoscribe::tasks {
namespace {

class SkyNovaTasks final : public TaskPrompts {
 public:
  std::vector<std::string_view> classLists() const override { return {"ucmerced", "aid", "whu_rs19"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    const std::string sentence = "Classify the given image in one of the following classes. Classes:  " + joined(classes, ", ") +
                                 ". \\nAnswer in one word or a short phrase.";
    // AID alone is asked without tokens of task and sensor.
    const bool plain = classes == sceneClasses("aid");
    return {userMessage(plain ? sentence : "[hr_rgb_0.5]  <image> \\n " + sentence, std::move(picture))};
  }

  std::vector<BoxShape> groundShapes() const override { return {BoxShape::Turned, BoxShape::Upright}; }
  std::vector<Message> groundMessages(const std::string& phrase, BoxShape, RgbImage picture) const override {
    return {userMessage("[refer] [hr_rgb_0.5] <image> \n Give me the location of <ref>" + withoutArticle(phrase) + "</ref>",
                        std::move(picture))};
  }

  // The data sets' own question has its pictures in the line; free ones are asked as the demonstration does.
  bool comparesDates() const override { return true; }
  std::vector<Message> changeMessages(const std::string& question, RgbImage before, RgbImage after) const override {
    return twoPictures(
        question.empty()
            ? "[changedet] [hr_rgb_temp_0.5] <image> <image> \\n are there any semantic change detected in the provided images?"
            : "Image-1: <image>\nImage-2: <image>\n" + question,
        std::move(before), std::move(after));
  }
};

}  // namespace

const TaskPrompts& skynovaTasks() {
  static const SkyNovaTasks tasks;
  return tasks;
}

}  // namespace orthoscribe::tasks
