// SPDX-License-Identifier: GPL-2.0-or-later
// Tokens that are recognised in the text before the model sees it, such as "<|im_end|>".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/tokenizer.h"

namespace orthoscribe::text {

struct AddedToken {
  TokenId id = 0;
  std::string content;
  bool leftStrip = false;   // takes the white space before it
  bool rightStrip = false;  // takes the white space behind it
  bool singleWord = false;  // only where no word character touches it
  bool normalised = false;  // looked for in the normalised text
  bool special = false;     // left out of decoded text on request
};

struct TextSegment {
  std::string_view text;
  std::optional<TokenId> token;  // set: text is that token, with the white space it took
};

// Finds added tokens from left to right; where several begin at one place, the longest. A find that singleWord forbids is skipped
// whole, as in the tokenizers library.
class AddedTokenFinder {
 public:
  AddedTokenFinder() = default;
  explicit AddedTokenFinder(std::vector<AddedToken> tokens);

  // Never gives empty segments. text: valid UTF-8; must outlive the result.
  std::vector<TextSegment> split(std::string_view text) const;

 private:
  const AddedToken* longestAt(std::string_view text) const;

  std::vector<AddedToken> tokens_;
  std::array<std::vector<std::size_t>, 256> byFirstByte_;  // longest first
};

}  // namespace orthoscribe::text
