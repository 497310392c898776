// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/tokenizer_folder.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/json_field.h"
#include "core/base/json_text.h"

namespace orthoscribe::text {
namespace {

nlohmann::json readIfThere(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? readJsonFile(file) : nlohmann::json::object();
}

AddedToken readFlags(const JsonField& entry) {
  AddedToken token;
  token.content = entry.member("content").text();
  token.leftStrip = entry.member("lstrip").flagOr(false);
  token.rightStrip = entry.member("rstrip").flagOr(false);
  token.singleWord = entry.member("single_word").flagOr(false);
  token.normalised = entry.member("normalized").flagOr(false);
  token.special = entry.member("special").flagOr(false);
  return token;
}

// A token as a string or as an object with flags.
AddedToken readSpecial(const JsonField& entry) {
  AddedToken token;
  if (entry.value().is_object()) {
    token = readFlags(entry);
  } else {
    token.content = entry.text();
  }
  token.special = true;
  return token;
}

TokenId idFromKey(const JsonField& entry, const std::string& key) {
  TokenId id = -1;
  const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), id);
  if (failure != std::errc{} || end != key.data() + key.size() || id < 0 || id > 0x7FFFFFFF) entry.fail("the key is no token id");
  return id;
}

constexpr const char* kSpecialNames[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                         "pad_token", "cls_token", "mask_token"};

}  // namespace

TokenizerFolder::TokenizerFolder(const std::filesystem::path& directory)
    : directory_(directory),
      config_(readIfThere(directory / "tokenizer_config.json")),
      specialMap_(readIfThere(directory / "special_tokens_map.json")),
      addedIds_(readIfThere(directory / "added_tokens.json")) {}

std::string TokenizerFolder::tokenizerClass() const {
  std::string name =
      JsonField(config_, (directory_ / "tokenizer_config.json").string() + ": ").member("tokenizer_class").textOr("");
  if (name.ends_with("Fast") && name != "PreTrainedTokenizerFast") name.erase(name.size() - 4);
  return name;
}

std::optional<bool> TokenizerFolder::flag(const std::string& name) const {
  const JsonField field = JsonField(config_, (directory_ / "tokenizer_config.json").string() + ": ").member(name);
  if (field.isNull()) return std::nullopt;
  return field.flagOr(false);
}

std::string TokenizerFolder::specialToken(const std::string& name) const {
  for (const auto& [json, file] :
       {std::pair(&config_, "tokenizer_config.json"), std::pair(&specialMap_, "special_tokens_map.json")}) {
    const JsonField field = JsonField(*json, (directory_ / file).string() + ": ").member(name);
    if (!field.isNull()) return readSpecial(field).content;
  }
  return {};
}

std::vector<AddedToken> TokenizerFolder::specialTokens() const {
  std::vector<AddedToken> tokens;
  for (const auto& [json, file] :
       {std::pair(&config_, "tokenizer_config.json"), std::pair(&specialMap_, "special_tokens_map.json")}) {
    const JsonField root(*json, (directory_ / file).string() + ": ");
    for (const char* name : kSpecialNames) {
      if (const JsonField field = root.member(name); !field.isNull()) tokens.push_back(readSpecial(field));
    }
    const JsonField more = root.member("additional_special_tokens");
    for (std::size_t i = 0; !more.isNull() && i < more.arraySize(); ++i) tokens.push_back(readSpecial(more.element(i)));
  }
  return tokens;
}

std::vector<AddedToken> TokenizerFolder::addedTokens(
    const std::function<std::optional<TokenId>(const std::string&)>& modelIdOf) const {
  std::map<std::string, AddedToken> byContent;
  const JsonField decoder =
      JsonField(config_, (directory_ / "tokenizer_config.json").string() + ": ").member("added_tokens_decoder");
  if (!decoder.isNull() && !decoder.value().is_object()) decoder.fail("an object was expected");
  for (const auto& [key, value] : decoder.value().items()) {
    const JsonField entry(value, decoder.place() + "." + key);
    AddedToken token = readFlags(entry);
    token.id = idFromKey(entry, key);
    byContent.emplace(token.content, token);
  }
  // Older folders name ids here and flags, if any, among the special tokens.
  const JsonField ids(addedIds_, (directory_ / "added_tokens.json").string() + ": ");
  std::map<std::string, TokenId> idOfAdded;
  if (!addedIds_.is_object()) ids.fail("an object was expected");
  for (const auto& [content, value] : addedIds_.items()) idOfAdded[content] = ids.member(content).index();
  for (AddedToken token : specialTokens()) {
    if (const auto known = byContent.find(token.content); known != byContent.end()) {
      known->second.special = true;
      continue;
    }
    const auto added = idOfAdded.find(token.content);
    const std::optional<TokenId> id = added != idOfAdded.end() ? std::optional(added->second) : modelIdOf(token.content);
    if (!id) continue;
    token.id = *id;
    byContent.emplace(token.content, token);
  }
  for (const auto& [content, id] : idOfAdded) byContent.emplace(content, AddedToken{.id = id, .content = content});
  std::vector<AddedToken> tokens;
  for (auto& [content, token] : byContent) tokens.push_back(std::move(token));
  std::ranges::sort(tokens, {}, &AddedToken::id);
  return tokens;
}

}  // namespace orthoscribe::text
