// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/bpe_model.h"

#include <charconv>
#include <limits>
#include <queue>
#include <tuple>

#include "core/base/error.h"
#include "core/text/unicode.h"

namespace orthoscribe::text {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

std::uint64_t pairKey(TokenId left, TokenId right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

// A doubly linked list in an array, so that joining two neighbours costs the same anywhere in the piece.
struct Symbol {
  TokenId id;
  int previous;
  int next;
};

struct Candidate {
  std::uint32_t rank;
  int left;
  TokenId leftId;
  TokenId rightId;
  bool operator>(const Candidate& other) const { return std::tie(rank, left) > std::tie(other.rank, other.left); }
};

constexpr TokenId kJoined = -1;

}  // namespace

std::string bytePiece(std::uint8_t byte) {
  return {'<', '0', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 15], '>'};
}

std::optional<std::uint8_t> byteOfPiece(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>') return std::nullopt;
  std::uint8_t byte = 0;
  const auto [end, failure] = std::from_chars(piece.data() + 3, piece.data() + 5, byte, 16);
  if (failure != std::errc{} || end != piece.data() + 5) return std::nullopt;
  return byte;
}

BpeModel::BpeModel(Vocabulary vocabulary, const std::vector<Merge>& merges, BpeSettings settings, std::string_view field)
    : vocabulary_(std::move(vocabulary)), settings_(std::move(settings)) {
  rules_.reserve(merges.size());
  std::uint32_t rank = 0;
  for (const auto& [left, right] : merges) {
    const auto idOf = [&](const std::string& token) {
      const auto found = vocabulary_.find(token);
      if (found == vocabulary_.end()) {
        throw Error(ErrorCode::InvalidInput, std::string(field) + "[" + std::to_string(rank) + "]: token '" + token +
                                                 "' of the merge is not in the vocabulary");
      }
      return found->second;
    };
    rules_.emplace(pairKey(idOf(left), idOf(right)), Rule{rank, idOf(left + right)});
    ++rank;
  }
}

void BpeModel::encode(std::string_view piece, std::vector<TokenId>& ids) const {
  if (piece.empty()) return;
  if (settings_.wholePiecesFirst) {
    if (const auto whole = vocabulary_.find(std::string(piece)); whole != vocabulary_.end()) {
      ids.push_back(whole->second);
      return;
    }
  }
  mergeInto(symbolsOf(piece), ids);
}

bool BpeModel::appendBytePieces(std::string_view codePoint, std::vector<TokenId>& symbols) const {
  std::vector<TokenId> pieces;
  for (const char byte : codePoint) {
    const auto found = vocabulary_.find(bytePiece(static_cast<std::uint8_t>(byte)));
    if (found == vocabulary_.end()) return false;
    pieces.push_back(found->second);
  }
  symbols.insert(symbols.end(), pieces.begin(), pieces.end());
  return true;
}

std::vector<TokenId> BpeModel::symbolsOf(std::string_view piece) const {
  std::vector<TokenId> symbols;
  bool afterUnknown = false;
  while (!piece.empty()) {
    const std::size_t length = settings_.bytesAsSymbols ? 1 : firstCodePointLength(piece);
    const std::string_view symbol = piece.substr(0, length);
    piece.remove_prefix(length);
    bool unknown = false;
    std::string written(symbol);
    if (piece.empty()) written += settings_.endOfWord;
    if (const auto found = vocabulary_.find(written); found != vocabulary_.end()) {
      symbols.push_back(found->second);
    } else if (!(settings_.byteFallback && appendBytePieces(symbol, symbols)) && settings_.unknown) {
      unknown = true;
      if (!(settings_.fuseUnknown && afterUnknown)) symbols.push_back(*settings_.unknown);
    }
    afterUnknown = unknown;
  }
  return symbols;
}

const BpeModel::Rule* BpeModel::ruleFor(TokenId left, TokenId right) const {
  const auto found = rules_.find(pairKey(left, right));
  return found == rules_.end() ? nullptr : &found->second;
}

void BpeModel::mergeInto(const std::vector<TokenId>& ids, std::vector<TokenId>& out) const {
  const int count = static_cast<int>(ids.size());
  std::vector<Symbol> symbols;
  symbols.reserve(ids.size());
  for (int i = 0; i < count; ++i) symbols.push_back({ids[static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : -1});
  const auto at = [&](int index) -> Symbol& { return symbols[static_cast<std::size_t>(index)]; };

  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
  const auto consider = [&](int left) {
    if (left < 0 || at(left).next < 0) return;
    const TokenId leftId = at(left).id;
    const TokenId rightId = at(at(left).next).id;
    if (const Rule* rule = ruleFor(leftId, rightId)) candidates.push({rule->rank, left, leftId, rightId});
  };
  for (int i = 0; i + 1 < count; ++i) consider(i);

  while (!candidates.empty()) {
    const Candidate best = candidates.top();
    candidates.pop();
    Symbol& left = at(best.left);
    // Neighbours may have been joined since the candidate was noted.
    if (left.id != best.leftId || left.next < 0 || at(left.next).id != best.rightId) continue;
    Symbol& right = at(left.next);
    left.id = ruleFor(best.leftId, best.rightId)->joined;
    right.id = kJoined;
    left.next = right.next;
    if (right.next >= 0) at(right.next).previous = best.left;
    consider(left.previous);
    consider(best.left);
  }
  for (int i = 0; i >= 0 && i < count; i = at(i).next) out.push_back(at(i).id);
}

}  // namespace orthoscribe::text
