// SPDX-License-Identifier: GPL-2.0-or-later
// The starter was taught to name scenes, from a list that it knows without being told.
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/prompts/prompts.h"

namespace orthoscribe::tasks {
namespace {

class StarterTasks final : public TaskPrompts {
 public:
  std::vector<std::string_view> classLists() const override { return {"ucmerced"}; }
  std::vector<Message> classifyMessages(const std::vector<std::string>&, RgbImage picture) const override {
    return {userMessage("What kind of scene is this?", std::move(picture))};
  }
};

}  // namespace

const TaskPrompts& starterTasks() {
  static const StarterTasks tasks;
  return tasks;
}

}  // namespace orthoscribe::tasks
