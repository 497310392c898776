// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/sentencepiece_tokenizer.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text_encoding.h"
#include "core/text/bpe_model.h"
#include "core/text/normalizer.h"
#include "core/text/sentencepiece_model.h"

namespace orthoscribe::text {
namespace {

constexpr const char* kSpaceSymbol = "\u2581";

// A second occurrence of a message field is merged into the first, so these bytes turn one switch off without the format's
// schema: ModelProto.normalizer_spec (3) . add_dummy_prefix (3) = false.
constexpr std::string_view kNoDummyPrefix{"\x1A\x02\x18\x00", 4};

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(const std::filesystem::path& modelFile) {
  const std::string model = readTextFile(modelFile);
  model_ = openSentencePieceModel(model, modelFile.string());
  withoutPrefix_ = openSentencePieceModel(model + std::string(kNoDummyPrefix), modelFile.string());
  size_ = model_->pieceCount();
}

SentencePieceTokenizer::~SentencePieceTokenizer() = default;

void SentencePieceTokenizer::setRules(SentencePieceRules rules) {
  rules_ = std::move(rules);
  finder_ = AddedTokenFinder(rules_.added);
  for (const AddedToken& token : rules_.added) {
    addedIds_.emplace(token.content, token.id);
    addedContents_.emplace(token.id, token.content);
    if (token.special) special_.insert(token.id);
    size_ = std::max(size_, token.id + 1);
  }
}

bool SentencePieceTokenizer::isPiece(TokenId id) const {
  return id >= 0 && id < model_->pieceCount();
}

std::vector<TokenId> SentencePieceTokenizer::encode(std::string_view text, bool addSpecial) const {
  std::string valid = repairUtf8(text);
  std::vector<TokenId> ids;
  if (addSpecial) ids = rules_.before;
  const std::size_t begin = ids.size();
  if (!rules_.legacy && !valid.empty()) valid = kSpaceSymbol + replaceAll(std::move(valid), kSpaceSymbol, " ");
  for (const TextSegment& segment : finder_.split(valid)) {
    if (segment.token) {
      ids.push_back(*segment.token);
    } else {
      appendEncoded(segment.text, ids);
    }
  }
  if (!rules_.legacy) dropLonePrefix(ids, begin);
  if (addSpecial) ids.insert(ids.end(), rules_.after.begin(), rules_.after.end());
  return ids;
}

void SentencePieceTokenizer::appendEncoded(std::string_view text, std::vector<TokenId>& ids) const {
  if (!rules_.legacy) {
    appendContinued(text, ids);
    return;
  }
  const std::vector<int> pieces = model_->encode(text);
  ids.insert(ids.end(), pieces.begin(), pieces.end());
}

// SentencePiece may drop spaces at the beginning; behind another text it keeps them. The unknown token's own text serves as that
// text.
void SentencePieceTokenizer::appendContinued(std::string_view text, std::vector<TokenId>& ids) const {
  if (!text.starts_with(kSpaceSymbol) && !text.starts_with(' ')) {
    const std::vector<int> pieces = withoutPrefix_->encode(text);
    ids.insert(ids.end(), pieces.begin(), pieces.end());
    return;
  }
  const std::string guard = model_->piece(std::max(model_->unknownId(), 0));
  const std::size_t guardLength = withoutPrefix_->encode(guard).size();
  const std::vector<int> pieces = withoutPrefix_->encode(guard + std::string(text));
  const std::size_t skipped = pieces.size() >= guardLength ? guardLength : 0;
  ids.insert(ids.end(), pieces.begin() + static_cast<std::ptrdiff_t>(skipped), pieces.end());
}

// A text that begins with a special token needs no space in front of it.
void SentencePieceTokenizer::dropLonePrefix(std::vector<TokenId>& ids, std::size_t begin) const {
  if (ids.size() < begin + 2) return;
  const auto first = ids.begin() + static_cast<std::ptrdiff_t>(begin);
  if (*first == model_->idOf(kSpaceSymbol) && isSpecial(*(first + 1))) ids.erase(first);
}

// SentencePiece drops the space in front of each text; between added tokens it belongs to the text.
std::string SentencePieceTokenizer::decodePieces(const std::vector<int>& pieces, bool isStart) const {
  if (pieces.empty()) return {};
  std::string text = model_->decode(pieces);
  const bool spaceDropped = !isStart && model_->piece(pieces.front()).starts_with(kSpaceSymbol);
  return spaceDropped ? " " + text : text;
}

std::string SentencePieceTokenizer::decode(std::span<const TokenId> ids, bool skipSpecial) const {
  std::string text;
  std::vector<int> pieces;
  bool isStart = true;
  const auto flush = [&] {
    if (!pieces.empty()) {
      text += decodePieces(pieces, isStart);
      isStart = false;
    }
    pieces.clear();
  };
  for (const TokenId id : ids) {
    if (skipSpecial && isSpecial(id)) continue;
    if (const auto added = addedContents_.find(id); added != addedContents_.end()) {
      flush();
      text += added->second;
      isStart = false;
    } else if (isPiece(id)) {
      pieces.push_back(static_cast<int>(id));
    }
  }
  flush();
  return text;
}

std::string SentencePieceTokenizer::tokenBytes(TokenId id, bool keepSpecial) const {
  if (isSpecial(id) && !keepSpecial) return {};
  if (const auto added = addedContents_.find(id); added != addedContents_.end()) return added->second;
  if (!isPiece(id) || model_->isControl(static_cast<int>(id))) return {};
  const std::string& piece = model_->piece(static_cast<int>(id));
  if (model_->isByte(static_cast<int>(id))) {
    if (const auto byte = byteOfPiece(piece)) return {static_cast<char>(*byte)};
  }
  return replaceAll(piece, kSpaceSymbol, " ");
}

std::optional<TokenId> SentencePieceTokenizer::idOf(std::string_view token) const {
  if (const auto added = addedIds_.find(std::string(token)); added != addedIds_.end()) return added->second;
  const int id = model_->idOf(token);
  // Unknown pieces are answered with the unknown token.
  if (!isPiece(id) || model_->piece(id) != token) return std::nullopt;
  return id;
}

}  // namespace orthoscribe::text
