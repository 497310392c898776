// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/word_piece_model.h"

#include <algorithm>
#include <utility>

namespace orthoscribe::text {
namespace {

bool continuesCodePoint(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

std::size_t countCodePoints(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continuesCodePoint));
}

}  // namespace

WordPieceModel::WordPieceModel(Vocabulary vocabulary, WordPieceSettings settings)
    : vocabulary_(std::move(vocabulary)), settings_(std::move(settings)) {
  for (const auto& [token, id] : vocabulary_) longestToken_ = std::max(longestToken_, token.size());
}

void WordPieceModel::encode(std::string_view word, std::vector<TokenId>& ids) const {
  if (countCodePoints(word) > settings_.longestWordCharacters) {
    ids.push_back(settings_.unknown);
    return;
  }
  const std::size_t before = ids.size();
  for (std::size_t at = 0; at < word.size();) {
    const Piece piece = longestPiece(word.substr(at), at > 0);
    if (piece.length == 0) {
      ids.resize(before);
      ids.push_back(settings_.unknown);
      return;
    }
    ids.push_back(piece.id);
    at += piece.length;
  }
}

WordPieceModel::Piece WordPieceModel::longestPiece(std::string_view text, bool continues) const {
  std::string candidate = continues ? settings_.continuingPrefix : std::string();
  const std::size_t prefix = candidate.size();
  // Nothing longer than the longest token needs a look, or long words would take quadratic time.
  candidate += text.substr(0, longestToken_);
  while (candidate.size() > prefix) {
    const std::size_t length = candidate.size() - prefix;
    const bool wholeCodePoints = length == text.size() || !continuesCodePoint(text[length]);
    if (wholeCodePoints) {
      if (const auto found = vocabulary_.find(candidate); found != vocabulary_.end()) return {found->second, length};
    }
    candidate.pop_back();
  }
  return {settings_.unknown, 0};
}

}  // namespace orthoscribe::text
