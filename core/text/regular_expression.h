// SPDX-License-Identifier: GPL-2.0-or-later
// The regular expressions of tokenizer.json files, over PCRE2 with Unicode properties.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace orthoscribe::text {

struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class RegularExpression {
 public:
  // "\s" and "\S" mean the property White_Space, as in Oniguruma, for which these patterns are written; PCRE2's own "\s" has
  // U+180E more. field: where the pattern stands, for messages. Throws Error{InvalidInput}.
  RegularExpression(std::string_view pattern, std::string_view field);

  // Matches from left to right that do not overlap, without empty ones. text: valid UTF-8.
  // Throws Error{InvalidInput} when the pattern needs more steps than PCRE2 allows.
  std::vector<TextRange> findAll(std::string_view text) const;

 private:
  std::shared_ptr<void> code_;
};

}  // namespace orthoscribe::text
