// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/makers.h"

namespace orthoscribe::learn {

std::vector<Conversation> classificationConversations(const Record& record, const ConversionContext& context) {
  if (record.sceneClass.empty()) return {};
  tasks::requireTask(context.dialect, "classify pictures",
                     [](const tasks::TaskPrompts& tasks) { return !tasks.classLists().empty(); });
  Conversation conversation;
  conversation.task = "classification";
  conversation.turns = taughtTurns(context.dialect.tasks().classifyMessages(context.options.sceneClasses, {}), record.sceneClass);
  return {std::move(conversation)};
}

}  // namespace orthoscribe::learn
