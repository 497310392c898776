// SPDX-License-Identifier: GPL-2.0-or-later
// Byte pair encoding of one piece of text (Sennrich et al. 2016, section 3.2): the pair with the earliest merge rule is joined,
// the leftmost first, until no rule applies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/text/token_model.h"

namespace orthoscribe::text {

struct BpeSettings {
  bool bytesAsSymbols = false;     // start from bytes; otherwise from code points
  bool byteFallback = false;       // an unknown code point becomes its bytes' pieces "<0x41>", if all are known
  bool fuseUnknown = false;        // neighbouring unknown code points give one unknown token
  bool wholePiecesFirst = false;   // "ignore_merges": a piece that is in the vocabulary is taken as it is
  std::string endOfWord;           // the last symbol of a piece stands in the vocabulary with this behind it
  std::optional<TokenId> unknown;  // without it, unknown code points give nothing
};

class BpeModel : public TokenModel {
 public:
  using Merge = std::pair<std::string, std::string>;

  // Earlier merges come first. Throws Error{InvalidInput} when a merge names or makes a token that the vocabulary lacks; field:
  // for the message.
  BpeModel(Vocabulary vocabulary, const std::vector<Merge>& merges, BpeSettings settings, std::string_view field);

  // Time: n log n in the piece's length.
  void encode(std::string_view piece, std::vector<TokenId>& ids) const override;

 private:
  struct Rule {
    std::uint32_t rank;
    TokenId joined;
  };
  std::vector<TokenId> symbolsOf(std::string_view piece) const;
  bool appendBytePieces(std::string_view codePoint, std::vector<TokenId>& symbols) const;
  const Rule* ruleFor(TokenId left, TokenId right) const;
  void mergeInto(const std::vector<TokenId>& symbols, std::vector<TokenId>& ids) const;

  Vocabulary vocabulary_;
  std::unordered_map<std::uint64_t, Rule> rules_;
  BpeSettings settings_;
};

// "<0x41>" for 'A'.
std::string bytePiece(std::uint8_t byte);
// The byte of such a piece; nothing for any other text.
std::optional<std::uint8_t> byteOfPiece(std::string_view piece);

}  // namespace orthoscribe::text
