// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/makers.h"

namespace orthoscribe::learn {

std::vector<Conversation> captionConversations(const Record& record, const ConversionContext& context) {
  if (record.captions.empty() || !record.turns.empty()) return {};
  const std::size_t count = context.options.everyCaption ? record.captions.size() : 1;
  std::vector<Conversation> conversations;
  for (std::size_t i = 0; i < count; ++i) {
    Conversation conversation;
    conversation.task = "caption";
    conversation.turns = taughtTurns(context.dialect.describeMessages({}), record.captions[i]);
    conversation.references = record.captions;
    conversations.push_back(std::move(conversation));
  }
  return conversations;
}

}  // namespace orthoscribe::learn
