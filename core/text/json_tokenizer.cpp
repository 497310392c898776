// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/json_tokenizer.h"

#include <algorithm>

#include "core/base/text_encoding.h"
#include "core/text/bpe_model.h"
#include "core/text/byte_alphabet.h"
#include "core/text/word_piece_model.h"

namespace orthoscribe::text {
namespace {

TokenModel::Vocabulary readVocabulary(const JsonField& field) {
  if (!field.value().is_object()) field.fail("an object of tokens and ids was expected");
  TokenModel::Vocabulary vocabulary;
  vocabulary.reserve(field.value().size());
  for (const auto& [token, id] : field.value().items()) {
    vocabulary.emplace(token, JsonField(id, field.place() + "." + token).index());
  }
  return vocabulary;
}

// Both spellings: "a b" and ["a", "b"].
BpeModel::Merge readMerge(const JsonField& field) {
  if (field.value().is_array()) {
    if (field.arraySize() != 2) field.fail("two tokens were expected");
    return {field.element(0).text(), field.element(1).text()};
  }
  const std::string line = field.text();
  const std::size_t space = line.find(' ');
  if (space == std::string::npos) field.fail("two tokens with a space between were expected");
  return {line.substr(0, space), line.substr(space + 1)};
}

std::vector<BpeModel::Merge> readMerges(const JsonField& field) {
  std::vector<BpeModel::Merge> merges;
  merges.reserve(field.arraySize());
  for (std::size_t i = 0; i < field.arraySize(); ++i) merges.push_back(readMerge(field.element(i)));
  return merges;
}

// A token with a character outside the alphabet can never come out of bytes and is left out.
void toBytes(TokenModel::Vocabulary& vocabulary, std::vector<BpeModel::Merge>& merges) {
  TokenModel::Vocabulary bytes;
  bytes.reserve(vocabulary.size());
  for (const auto& [token, id] : vocabulary) {
    if (const auto written = alphabetToBytes(token)) bytes.emplace(*written, id);
  }
  vocabulary = std::move(bytes);
  for (auto& [left, right] : merges) {
    left = alphabetToBytes(left).value_or(left);
    right = alphabetToBytes(right).value_or(right);
  }
}

void refuseUnknownBpeFields(const JsonField& field) {
  const JsonField prefix = field.member("continuing_subword_prefix");
  if (!prefix.textOr("").empty()) prefix.unsupported("'" + prefix.text() + "'");
  const JsonField dropout = field.member("dropout");
  if (!dropout.isNull() && dropout.value() != 0.0) dropout.unsupported("dropout");
}

// "sep" and "cls" of the BERT and RoBERTa post-processors: [token, id].
TokenId idOfPair(const JsonField& field) {
  if (field.arraySize() != 2) field.fail("a token and its id were expected");
  return field.element(1).index();
}

void readTemplate(const JsonField& field, SpecialFrame& frame) {
  const JsonField single = field.member("single");
  bool afterText = false;
  for (std::size_t i = 0; i < single.arraySize(); ++i) {
    const JsonField part = single.element(i);
    if (!part.member("Sequence").isNull()) {
      afterText = true;
      continue;
    }
    const std::string name = part.member("SpecialToken").member("id").text();
    const JsonField ids = field.member("special_tokens").member(name).member("ids");
    for (std::size_t j = 0; j < ids.arraySize(); ++j) {
      (afterText ? frame.after : frame.before).push_back(ids.element(j).index());
    }
  }
}

}  // namespace

JsonTokenizer::JsonTokenizer(const JsonField& definition)
    : normalizer_(makeNormalizer(definition.member("normalizer"))),
      preTokenizer_(makePreTokenizer(definition.member("pre_tokenizer"))),
      decoder_(definition.member("decoder")) {
  readModel(definition.member("model"));
  readAddedTokens(definition.member("added_tokens"));
  readFrame(definition.member("post_processor"));
}

void JsonTokenizer::readModel(const JsonField& field) {
  if (field.isNull()) field.fail("is missing");
  const std::string type = field.member("type").textOr("BPE");
  if (type == "BPE") {
    readBpe(field);
  } else if (type == "WordPiece") {
    readWordPiece(field);
  } else {
    field.unsupported("tokenizer model '" + type + "'");
  }
}

void JsonTokenizer::readBpe(const JsonField& field) {
  refuseUnknownBpeFields(field);
  TokenModel::Vocabulary vocabulary = readVocabulary(field.member("vocab"));
  std::vector<BpeModel::Merge> merges = readMerges(field.member("merges"));
  for (const auto& [token, id] : vocabulary) remember(token, id);
  BpeSettings settings;
  settings.bytesAsSymbols = preTokenizer_->isByteLevel();
  settings.byteFallback = field.member("byte_fallback").flagOr(false);
  settings.fuseUnknown = field.member("fuse_unk").flagOr(false);
  settings.wholePiecesFirst = field.member("ignore_merges").flagOr(false);
  settings.endOfWord = field.member("end_of_word_suffix").textOr("");
  if (const JsonField unknown = field.member("unk_token"); !unknown.isNull()) settings.unknown = unknownToken(unknown);
  if (settings.bytesAsSymbols) toBytes(vocabulary, merges);
  model_ = std::make_unique<BpeModel>(std::move(vocabulary), merges, std::move(settings), field.member("merges").place());
}

void JsonTokenizer::readWordPiece(const JsonField& field) {
  TokenModel::Vocabulary vocabulary = readVocabulary(field.member("vocab"));
  for (const auto& [token, id] : vocabulary) remember(token, id);
  WordPieceSettings settings;
  const JsonField unknown = field.member("unk_token");
  if (unknown.isNull()) unknown.fail("is missing");
  settings.unknown = unknownToken(unknown);
  settings.continuingPrefix = field.member("continuing_subword_prefix").textOr(settings.continuingPrefix);
  if (const JsonField longest = field.member("max_input_chars_per_word"); !longest.isNull()) {
    settings.longestWordCharacters = static_cast<std::size_t>(longest.index());
  }
  model_ = std::make_unique<WordPieceModel>(std::move(vocabulary), std::move(settings));
}

TokenId JsonTokenizer::unknownToken(const JsonField& field) const {
  const std::optional<TokenId> id = idOf(field.text());
  if (!id) field.fail("'" + field.text() + "' is not in the vocabulary");
  return *id;
}

void JsonTokenizer::readAddedTokens(const JsonField& field) {
  if (field.isNull()) return;
  std::vector<AddedToken> tokens;
  for (std::size_t i = 0; i < field.arraySize(); ++i) {
    const JsonField entry = field.element(i);
    tokens.push_back({.id = entry.member("id").index(),
                      .content = entry.member("content").text(),
                      .leftStrip = entry.member("lstrip").flagOr(false),
                      .rightStrip = entry.member("rstrip").flagOr(false),
                      .singleWord = entry.member("single_word").flagOr(false),
                      .normalised = entry.member("normalized").flagOr(false),
                      .special = entry.member("special").flagOr(false)});
  }
  addTokens(tokens);
}

void JsonTokenizer::readFrame(const JsonField& field) {
  if (field.isNull()) return;
  const std::string type = field.member("type").text();
  if (type == "ByteLevel") return;
  if (type == "TemplateProcessing") {
    readTemplate(field, frame_);
  } else if (type == "BertProcessing" || type == "RobertaProcessing") {
    frame_.before.push_back(idOfPair(field.member("cls")));
    frame_.after.push_back(idOfPair(field.member("sep")));
  } else if (type == "Sequence") {
    const JsonField parts = field.member("processors");
    for (std::size_t i = 0; i < parts.arraySize(); ++i) readFrame(parts.element(i));
  } else {
    field.unsupported("post-processor '" + type + "'");
  }
}

void JsonTokenizer::remember(const std::string& token, TokenId id) {
  idOf_.insert_or_assign(token, id);
  tokenOf_.insert_or_assign(id, token);
  size_ = std::max(size_, id + 1);
}

void JsonTokenizer::addTokens(const std::vector<AddedToken>& tokens) {
  for (const AddedToken& token : tokens) {
    const bool known = std::ranges::any_of(added_, [&](const AddedToken& other) { return other.content == token.content; });
    if (known || token.content.empty()) continue;
    added_.push_back(token);
    remember(token.content, token.id);
    if (token.special) special_.insert(token.id);
  }
  rebuildFinders();
}

void JsonTokenizer::rebuildFinders() {
  std::vector<AddedToken> raw;
  std::vector<AddedToken> normalised;
  for (AddedToken token : added_) {
    if (!token.normalised) {
      raw.push_back(std::move(token));
    } else {
      token.content = normalizer_(token.content);
      normalised.push_back(std::move(token));
    }
  }
  rawFinder_ = AddedTokenFinder(std::move(raw));
  normalisedFinder_ = AddedTokenFinder(std::move(normalised));
}

std::vector<TokenId> JsonTokenizer::encode(std::string_view text, bool addSpecial) const {
  const std::string valid = repairUtf8(text);
  std::vector<TokenId> ids;
  if (addSpecial) ids = frame_.before;
  for (const TextSegment& segment : rawFinder_.split(valid)) {
    if (segment.token) {
      ids.push_back(*segment.token);
    } else {
      encodeSegment(segment.text, segment.text.data() == valid.data(), ids);
    }
  }
  if (addSpecial) ids.insert(ids.end(), frame_.after.begin(), frame_.after.end());
  return ids;
}

void JsonTokenizer::encodeSegment(std::string_view text, bool isStart, std::vector<TokenId>& ids) const {
  const std::string normalised = normalizer_(std::string(text));
  for (const TextSegment& segment : normalisedFinder_.split(normalised)) {
    if (segment.token) {
      ids.push_back(*segment.token);
      continue;
    }
    std::vector<std::string> pieces{std::string(segment.text)};
    preTokenizer_->cut(pieces, isStart && segment.text.data() == normalised.data());
    for (const std::string& piece : pieces) model_->encode(piece, ids);
  }
}

std::string JsonTokenizer::decode(std::span<const TokenId> ids, bool skipSpecial) const {
  std::vector<std::string> tokens;
  for (const TokenId id : ids) {
    if (skipSpecial && isSpecial(id)) continue;
    if (const auto found = tokenOf_.find(id); found != tokenOf_.end()) tokens.push_back(found->second);
  }
  return decoder_.decode(std::move(tokens));
}

std::string JsonTokenizer::tokenBytes(TokenId id, bool keepSpecial) const {
  const auto found = tokenOf_.find(id);
  if (found == tokenOf_.end()) return {};
  if (isSpecial(id)) return keepSpecial ? found->second : std::string();
  return decoder_.bytesOf(found->second);
}

std::optional<TokenId> JsonTokenizer::idOf(std::string_view token) const {
  const auto found = idOf_.find(std::string(token));
  if (found == idOf_.end()) return std::nullopt;
  return found->second;
}

}  // namespace orthoscribe::text
