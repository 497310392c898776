// SPDX-License-Identifier: GPL-2.0-or-later
// Text to token ids and back, as the model's own tokenizer does it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::text {

using TokenId = std::int64_t;

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Added (special) tokens in the text are recognised with their lstrip/rstrip/normalized flags. Invalid UTF-8 becomes U+FFFD
  // first. addSpecial: whether the tokenizer's own BOS/EOS rule is applied.
  virtual std::vector<TokenId> encode(std::string_view text, bool addSpecial) const = 0;

  // Whole sequences; as the reference decodes (parity/README.md, tokenizer_vectors). Never throws on ids it does not know: they
  // give nothing.
  virtual std::string decode(std::span<const TokenId> ids, bool skipSpecial) const = 0;

  // Bytes that this token adds to a growing answer (may end inside a UTF-8 sequence). Empty for special tokens unless
  // keepSpecial. Used for streaming; joined bytes equal decode() up to white space at the start.
  virtual std::string tokenBytes(TokenId id, bool keepSpecial) const = 0;

  virtual std::optional<TokenId> idOf(std::string_view token) const = 0;
  virtual bool isSpecial(TokenId id) const = 0;
  virtual std::int64_t size() const = 0;
};

// Chosen by the folder's files: tokenizer.json if there is one; else tokenizer.model (SentencePiece) by the rules of the slow
// Llama class; else vocab.json with merges.txt of Qwen2, GPT-2 and CLIP; else BERT's vocab.txt. Added tokens also come from
// tokenizer_config.json, special_tokens_map.json and added_tokens.json. Throws Error{NotFound} when there is none,
// Error{Unsupported} naming the kind, Error{InvalidInput} naming file and field.
std::unique_ptr<Tokenizer> loadTokenizer(const std::filesystem::path& modelDirectory);

// A tokenizer.model alone, as the sentencepiece library reads it: no added tokens, no special tokens around the text.
// Throws Error{NotFound} or Error{InvalidInput} naming the file.
std::unique_ptr<Tokenizer> loadSentencePieceModel(const std::filesystem::path& modelFile);

}  // namespace orthoscribe::text
