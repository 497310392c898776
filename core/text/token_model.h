// SPDX-License-Identifier: GPL-2.0-or-later
// The "model" of a tokenizer.json: turns one piece of text into tokens.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text/tokenizer.h"

namespace orthoscribe::text {

class TokenModel {
 public:
  using Vocabulary = std::unordered_map<std::string, TokenId>;

  virtual ~TokenModel() = default;
  // Appends the piece's tokens. piece: valid UTF-8, or any bytes where the model works on bytes; empty gives nothing.
  virtual void encode(std::string_view piece, std::vector<TokenId>& ids) const = 0;
};

}  // namespace orthoscribe::text
