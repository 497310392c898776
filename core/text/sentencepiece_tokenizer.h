// SPDX-License-Identifier: GPL-2.0-or-later
// A tokenizer.model, alone or with the added tokens and rules of the slow Llama class of transformers
// (models/llama/tokenization_llama.py, 4.x).
#pragma once

#include <filesystem>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "core/text/added_tokens.h"
#include "core/text/sentencepiece_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::text {

struct SentencePieceRules {
  std::vector<AddedToken> added;
  // true: each text between added tokens gets SentencePiece's own space in front. false: only the very first does (transformers
  // PR 24565).
  bool legacy = true;
  std::vector<TokenId> before;  // put around the text when special tokens are asked for
  std::vector<TokenId> after;
};

class SentencePieceTokenizer : public Tokenizer {
 public:
  // Throws Error{NotFound} or Error{InvalidInput} naming the file.
  explicit SentencePieceTokenizer(const std::filesystem::path& modelFile);
  ~SentencePieceTokenizer() override;

  // Once, before use; ids of the rules may come from idOf.
  void setRules(SentencePieceRules rules);

  std::vector<TokenId> encode(std::string_view text, bool addSpecial) const override;
  std::string decode(std::span<const TokenId> ids, bool skipSpecial) const override;
  std::string tokenBytes(TokenId id, bool keepSpecial) const override;
  std::optional<TokenId> idOf(std::string_view token) const override;
  bool isSpecial(TokenId id) const override { return special_.contains(id); }
  std::int64_t size() const override { return size_; }

 private:
  bool isPiece(TokenId id) const;
  void appendEncoded(std::string_view text, std::vector<TokenId>& ids) const;
  void appendContinued(std::string_view text, std::vector<TokenId>& ids) const;
  void dropLonePrefix(std::vector<TokenId>& ids, std::size_t begin) const;
  std::string decodePieces(const std::vector<int>& pieces, bool isStart) const;

  std::unique_ptr<SentencePieceModel> model_;
  // The same model without the space in front; for rules that are not legacy.
  std::unique_ptr<SentencePieceModel> withoutPrefix_;
  SentencePieceRules rules_;
  AddedTokenFinder finder_;
  std::unordered_map<std::string, TokenId> addedIds_;
  std::unordered_map<TokenId, std::string> addedContents_;
  std::unordered_set<TokenId> special_;
  std::int64_t size_ = 0;
};

}  // namespace orthoscribe::text
