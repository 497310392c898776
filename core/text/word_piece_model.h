// SPDX-License-Identifier: GPL-2.0-or-later
// WordPiece as BERT uses it (Devlin et al. 2019, section 3; Wu et al. 2016, section 4.1): a word is cut from the left into the
// longest pieces that the vocabulary knows; a word that cannot be cut to its end is one unknown token.
#pragma once

#include <cstddef>
#include <string>

#include "core/text/token_model.h"

namespace orthoscribe::text {

struct WordPieceSettings {
  TokenId unknown = 0;
  std::string continuingPrefix = "##";      // stands in the vocabulary before pieces that continue a word
  std::size_t longestWordCharacters = 100;  // a longer word is unknown
};

class WordPieceModel : public TokenModel {
 public:
  WordPieceModel(Vocabulary vocabulary, WordPieceSettings settings);

  void encode(std::string_view word, std::vector<TokenId>& ids) const override;

 private:
  struct Piece {
    TokenId id;
    std::size_t length;  // bytes of the word
  };
  // The longest known piece at the beginning of the text; its length is 0 when there is none.
  Piece longestPiece(std::string_view text, bool continues) const;

  Vocabulary vocabulary_;
  WordPieceSettings settings_;
  std::size_t longestToken_ = 0;  // bytes
};

}  // namespace orthoscribe::text
