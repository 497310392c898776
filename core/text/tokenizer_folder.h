// SPDX-License-Identifier: GPL-2.0-or-later
// What the small files beside a tokenizer say: tokenizer_config.json, special_tokens_map.json, added_tokens.json.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/text/added_tokens.h"

namespace orthoscribe::text {

class TokenizerFolder {
 public:
  // Missing files say nothing. Throws Error{InvalidInput} naming file and field.
  explicit TokenizerFolder(const std::filesystem::path& directory);

  // "LlamaTokenizer" for LlamaTokenizerFast too; empty if not said.
  std::string tokenizerClass() const;
  std::optional<bool> flag(const std::string& name) const;
  // "bos_token", "eos_token"...: the token's text; empty if there is none.
  std::string specialToken(const std::string& name) const;

  // All added tokens, by rising id. modelIdOf: ids of tokens in the model's own vocabulary, for special tokens that are named
  // without an id.
  std::vector<AddedToken> addedTokens(const std::function<std::optional<TokenId>(const std::string&)>& modelIdOf) const;

 private:
  std::vector<AddedToken> specialTokens() const;

  std::filesystem::path directory_;
  nlohmann::json config_;
  nlohmann::json specialMap_;
  nlohmann::json addedIds_;
};

}  // namespace orthoscribe::text
