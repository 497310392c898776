// SPDX-License-Identifier: GPL-2.0-or-later
// The text of a growing answer: whole code points, and nothing of a stop string ever leaves.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// What ends an answer of a model and what of it is shown.
struct AnswerRules {
  std::unordered_set<text::TokenId> endTokens;     // end the answer, not part of it
  std::vector<std::string> endTexts;               // the same, where they are no single token
  std::unordered_set<text::TokenId> shownSpecial;  // special tokens that belong to the text ("<box>")
};

// Tokens go in one by one and come out in order, each with its text, as soon as no stop string can begin in it any more.
// White space at the start of the answer is dropped.
class AnswerText {
 public:
  // Keeps references to tokenizer and rules. stops: texts before which the answer ends, besides rules.endTexts.
  AnswerText(const text::Tokenizer& tokenizer, const AnswerRules& rules, const std::vector<std::string>& stops);

  // `scored`: the token's probabilities; its text is filled in here.
  std::vector<GeneratedToken> add(text::TokenId id, GeneratedToken scored);
  // Whether a stop string was met; then add must not be called again.
  bool stopped() const { return stopped_; }
  // What was held back, once no more tokens come. Bytes of an unfinished code point become U+FFFD.
  std::vector<GeneratedToken> finish();

  // Whether a stop string would end within the token `next` after those ids.
  bool stopsAt(std::span<const text::TokenId> ids, text::TokenId next) const;

  // Text of one token for showing, special ones included.
  std::string textOf(text::TokenId id) const;

 private:
  std::string bytesOf(text::TokenId id) const;
  bool cutAtStop();
  std::size_t settledLength() const;
  std::vector<GeneratedToken> release(std::size_t length);
  std::string dropLeadingSpace(std::string text);

  const text::Tokenizer& tokenizer_;
  const AnswerRules& rules_;
  std::vector<std::string> stops_;
  std::string bytes_;                   // of a code point that is not whole yet
  std::deque<GeneratedToken> waiting_;  // tokens not given out yet
  std::string held_;                    // their texts, joined
  bool begun_ = false;                  // something other than white space was seen
  bool stopped_ = false;
};

}  // namespace orthoscribe::engine
