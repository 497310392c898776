// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/prompts/phrase.h"

#include <utility>

#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {

std::string withoutArticle(std::string_view phrase) {
  phrase = trimmed(phrase);
  if (phrase.ends_with('.')) phrase = trimmed(phrase.substr(0, phrase.size() - 1));
  if (lowered(phrase.substr(0, 4)) == "the ") phrase = trimmed(phrase.substr(4));
  return std::string(phrase);
}

std::vector<Message> twoPictures(std::string text, RgbImage before, RgbImage after) {
  Message message;
  message.text = std::move(text);
  message.images.push_back(std::move(before));
  message.images.push_back(std::move(after));
  return {std::move(message)};
}

}  // namespace orthoscribe::tasks
