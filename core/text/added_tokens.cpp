// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/added_tokens.h"

#include <algorithm>

#include "core/text/unicode.h"

namespace orthoscribe::text {

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!tokens_[i].content.empty()) byFirstByte_[static_cast<unsigned char>(tokens_[i].content.front())].push_back(i);
  }
  for (auto& candidates : byFirstByte_) {
    std::ranges::stable_sort(candidates, std::ranges::greater{}, [this](std::size_t i) { return tokens_[i].content.size(); });
  }
}

const AddedToken* AddedTokenFinder::longestAt(std::string_view text) const {
  for (const std::size_t i : byFirstByte_[static_cast<unsigned char>(text.front())]) {
    if (text.starts_with(tokens_[i].content)) return &tokens_[i];
  }
  return nullptr;
}

std::vector<TextSegment> AddedTokenFinder::split(std::string_view text) const {
  std::vector<TextSegment> segments;
  std::size_t done = 0;
  std::size_t position = 0;
  while (position < text.size()) {
    const AddedToken* token = longestAt(text.substr(position));
    if (!token) {
      ++position;
      continue;
    }
    std::size_t begin = position;
    std::size_t end = position + token->content.size();
    position = end;
    if (token->singleWord && (endsWithWordCharacter(text.substr(0, begin)) || startsWithWordCharacter(text.substr(end))))
      continue;
    if (token->leftStrip) begin = std::max(done, begin - trailingSpace(text.substr(0, begin)));
    if (token->rightStrip) end += leadingSpace(text.substr(end));
    if (done < begin) segments.push_back({text.substr(done, begin - done), std::nullopt});
    segments.push_back({text.substr(begin, end - begin), token->id});
    done = end;
    position = end;
  }
  if (done < text.size()) segments.push_back({text.substr(done), std::nullopt});
  return segments;
}

}  // namespace orthoscribe::text
