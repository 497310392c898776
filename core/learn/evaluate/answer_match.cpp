// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/answer_match.h"

#include "core/base/text_encoding.h"
#include "core/text/unicode.h"

namespace orthoscribe::learn {

std::string normalisedAnswer(std::string_view text) {
  std::string answer;
  bool spaceBefore = false;
  text::forEachCodePoint(text::lowerCase(repairUtf8(text)), [&](char32_t code, std::string_view bytes) {
    if (text::isWhiteSpace(code)) {
      spaceBefore = true;
      return;
    }
    if (spaceBefore && !answer.empty()) answer += ' ';
    spaceBefore = false;
    answer += bytes;
  });
  // A space is left at the end only by a mark that went.
  while (!answer.empty() && std::string_view(".!?,;: ").find(answer.back()) != std::string_view::npos) answer.pop_back();
  return answer;
}

bool answersMatch(std::string_view given, std::string_view expected) {
  return normalisedAnswer(given) == normalisedAnswer(expected);
}

}  // namespace orthoscribe::learn
