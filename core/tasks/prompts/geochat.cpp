// SPDX-License-Identifier: GPL-2.0-or-later
// GeoChat (reference/skynova.md 7.1): one picture a conversation, phrases between <p> tags.
#include <string>

#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/phrase.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

class GeoChatTasks final : public TaskPrompts {
 public:
  std::vector<std::string_view> classLists() const override { return {"aid", "ucmerced"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const override {
    return {userMessage("Classify the image within one of the given classes: " + joined(classes, ", ") +
                            ".\nAnswer with one word or short phrase.",
                        std::move(picture))};
  }

  std::vector<BoxShape> groundShapes() const override { return {BoxShape::Turned, BoxShape::Upright}; }
  std::vector<Message> groundMessages(const std::string& phrase, BoxShape, RgbImage picture) const override {
    return {userMessage("[refer] Give me the location of <p> " + withoutArticle(phrase) + " </p>", std::move(picture))};
  }
};

}  // namespace

const TaskPrompts& geochatTasks() {
  static const GeoChatTasks tasks;
  return tasks;
}

}  // namespace orthoscribe::tasks
