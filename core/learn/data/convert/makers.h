// SPDX-License-Identifier: GPL-2.0-or-later
// One function a task, each in a file of its own: the conversations it makes of a record, without id, pictures and source. None
// when the record says nothing about the task.
#pragma once

#include <vector>

#include "core/learn/data/convert/converter.h"

namespace orthoscribe::learn {

std::vector<Conversation> readyConversations(const Record& record, const ConversionContext& context);
std::vector<Conversation> detectionConversations(const Record& record, const ConversionContext& context);
std::vector<Conversation> groundingConversations(const Record& record, const ConversionContext& context);
std::vector<Conversation> captionConversations(const Record& record, const ConversionContext& context);
std::vector<Conversation> questionConversations(const Record& record, const ConversionContext& context);
std::vector<Conversation> classificationConversations(const Record& record, const ConversionContext& context);

// A dialect's request as turns, with markers for its pictures, and the answer behind it.
std::vector<Turn> taughtTurns(const std::vector<Message>& request, std::string answer);

}  // namespace orthoscribe::learn
