// SPDX-License-Identifier: GPL-2.0-or-later
// Small tokenizers made in code, for tests that need no fixture.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/text/byte_alphabet.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::text {

// Byte-level BPE: 256 bytes, then "th" (256), "the" (257), " the" (258).
inline nlohmann::json smallDefinition() {
  nlohmann::json vocabulary = nlohmann::json::object();
  for (int byte = 0; byte < 256; ++byte) vocabulary[characterOfByte(static_cast<std::uint8_t>(byte))] = byte;
  vocabulary["th"] = 256;
  vocabulary["the"] = 257;
  vocabulary[bytesToAlphabet(" the")] = 258;
  const auto pair = [](const std::string& left, const std::string& right) { return nlohmann::json::array({left, right}); };
  const nlohmann::json merges = nlohmann::json::array({pair("t", "h"), pair("th", "e"), pair(bytesToAlphabet(" "), "the")});
  return {{"added_tokens", nlohmann::json::array()},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
          {"post_processor", nullptr},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", merges}}}};
}

// WordPiece as BERT uses it.
inline nlohmann::json wordPieceDefinition() {
  return {{"normalizer", {{"type", "BertNormalizer"}}},
          {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
          {"decoder", {{"type", "WordPiece"}}},
          {"model",
           {{"type", "WordPiece"},
            {"unk_token", "[UNK]"},
            {"vocab", {{"[UNK]", 0}, {"[CLS]", 1}, {"[SEP]", 2}, {"the", 3}, {"##n", 4}, {"n", 5}, {",", 6}, {"\u4e2d", 7}}}}}};
}

inline nlohmann::json addedToken(std::int64_t id, const std::string& content,
                                 const nlohmann::json& flags = nlohmann::json::object()) {
  nlohmann::json token{{"id", id}, {"content", content}, {"special", true}};
  token.update(flags);
  return token;
}

class TokenizerFolderBuilder {
 public:
  std::unique_ptr<Tokenizer> load(const nlohmann::json& definition) const {
    write("tokenizer.json", definition);
    return loadTokenizer(folder_.path());
  }
  void write(const std::string& name, const nlohmann::json& json) const { writeTextFile(folder_.path() / name, json.dump()); }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
};

}  // namespace orthoscribe::text
