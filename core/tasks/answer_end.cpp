// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/answer_end.h"

#include <algorithm>

#include "core/base/text_encoding.h"

namespace orthoscribe::tasks {

void warnOfRepetition(const Reply& reply, std::vector<std::string>& warnings) {
  if (reply.stopReason != StopReason::Repetition) return;
  warnings.push_back("the model said " + quotedRepetition(reply) + " over and over: its answer was ended there");
}

std::string quotedRepetition(const Reply& reply) {
  constexpr std::size_t kMost = 60;
  std::string text = reply.repeated;
  std::ranges::replace(text, '\n', ' ');
  if (text.size() > kMost) {
    text.resize(kMost);
    text = text.substr(0, completeUtf8Length(text)) + "...";
  }
  return text.empty() ? "the same" : "\"" + text + "\"";
}

}  // namespace orthoscribe::tasks
