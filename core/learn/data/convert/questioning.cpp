// SPDX-License-Identifier: GPL-2.0-or-later
// Questions about a picture, or about what is known without one.
#include "core/learn/data/convert/makers.h"

namespace orthoscribe::learn {

std::vector<Conversation> questionConversations(const Record& record, const ConversionContext& context) {
  const bool closedBook = record.image.empty();
  std::vector<Conversation> conversations;
  for (const RecordQuestion& asked : record.questions) {
    Conversation conversation;
    conversation.task = closedBook ? "knowledge" : "vqa";
    conversation.type = asked.type;
    // The family's own words around a question speak of a picture.
    conversation.turns =
        closedBook ? std::vector<Turn>{{Role::User, asked.question}, {Role::Assistant, asked.answer}}
                   : taughtTurns(context.dialect.askMessages(asked.question + context.options.questionSuffix, {}), asked.answer);
    conversations.push_back(std::move(conversation));
  }
  return conversations;
}

}  // namespace orthoscribe::learn
