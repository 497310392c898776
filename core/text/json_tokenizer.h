// SPDX-License-Identifier: GPL-2.0-or-later
// A tokenizer as its tokenizer.json describes it: byte-level BPE (GPT-2, Qwen2, Llama 3, CLIP), BPE over code points with byte
// fallback (Llama 2, Phi-3) and WordPiece (BERT).
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "core/base/json_field.h"
#include "core/text/added_tokens.h"
#include "core/text/normalizer.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/token_decoder.h"
#include "core/text/token_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::text {

// What stands around a text when the tokenizer's own special tokens are asked for.
struct SpecialFrame {
  std::vector<TokenId> before;
  std::vector<TokenId> after;
};

class JsonTokenizer : public Tokenizer {
 public:
  // definition: the parsed tokenizer.json. Throws Error{Unsupported} naming a part that is not known, Error{InvalidInput} naming
  // the field.
  explicit JsonTokenizer(const JsonField& definition);

  // Tokens that other files of the folder add, in the order of their ids; those already there are left as they are.
  void addTokens(const std::vector<AddedToken>& tokens);
  // Replaces the frame of the file's own post-processor.
  void setFrame(SpecialFrame frame) { frame_ = std::move(frame); }

  std::vector<TokenId> encode(std::string_view text, bool addSpecial) const override;
  std::string decode(std::span<const TokenId> ids, bool skipSpecial) const override;
  std::string tokenBytes(TokenId id, bool keepSpecial) const override;
  std::optional<TokenId> idOf(std::string_view token) const override;
  bool isSpecial(TokenId id) const override { return special_.contains(id); }
  std::int64_t size() const override { return size_; }

 private:
  void readModel(const JsonField& field);
  void readBpe(const JsonField& field);
  void readWordPiece(const JsonField& field);
  TokenId unknownToken(const JsonField& field) const;
  void readAddedTokens(const JsonField& field);
  void readFrame(const JsonField& field);
  void remember(const std::string& token, TokenId id);
  void rebuildFinders();
  void encodeSegment(std::string_view text, bool isStart, std::vector<TokenId>& ids) const;

  Normalizer normalizer_;
  std::unique_ptr<PreTokenizer> preTokenizer_;
  TokenDecoder decoder_;
  std::unique_ptr<TokenModel> model_;
  SpecialFrame frame_;

  std::vector<AddedToken> added_;
  AddedTokenFinder rawFinder_;
  AddedTokenFinder normalisedFinder_;
  std::unordered_map<std::string, TokenId> idOf_;
  std::unordered_map<TokenId, std::string> tokenOf_;
  std::unordered_set<TokenId> special_;
  std::int64_t size_ = 0;
};

}  // namespace orthoscribe::text
