// SPDX-License-Identifier: GPL-2.0-or-later
// Any bytes as the text of a prompt, through small tokenizers of each kind, which a text must never make fail.
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/text_encoding.h"
#include "core/text/byte_alphabet.h"
#include "core/text/json_tokenizer.h"
#include "tests/fuzz/expect.h"

namespace {

using namespace orthoscribe;
using nlohmann::json;

// Only "<e>", which takes the white space behind it.
json addedTokens() {
  return json::array({{{"id", 300}, {"content", "<e>"}, {"rstrip", true}, {"special", true}}});
}

json byteLevel() {
  json vocabulary = json::object();
  for (int byte = 0; byte < 256; ++byte) vocabulary[text::characterOfByte(static_cast<std::uint8_t>(byte))] = byte;
  vocabulary["th"] = 256;
  vocabulary["the"] = 257;
  const char* pattern =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  return {{"added_tokens", addedTokens()},
          {"pre_tokenizer",
           {{"type", "Sequence"},
            {"pretokenizers",
             {{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}},
              {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}}},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", {"t h", "th e"}}}}};
}

json composed() {
  json definition = byteLevel();
  definition["normalizer"] = {{"type", "Sequence"}, {"normalizers", {{{"type", "NFC"}}, {{"type", "Lowercase"}}}}};
  return definition;
}

json wordPieces() {
  return {{"added_tokens", addedTokens()},
          {"normalizer", {{"type", "BertNormalizer"}}},
          {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
          {"decoder", {{"type", "WordPiece"}}},
          {"model",
           {{"type", "WordPiece"},
            {"unk_token", "[UNK]"},
            {"vocab", {{"[UNK]", 0}, {"a", 1}, {"##a", 2}, {"the", 3}, {"##\u00E9", 4}, {".", 5}}}}}};
}

std::vector<text::JsonTokenizer> makeTokenizers() {
  std::vector<text::JsonTokenizer> tokenizers;
  for (const json& definition : {byteLevel(), composed(), wordPieces()}) {
    tokenizers.emplace_back(JsonField(definition, "tokenizer.json: "));
  }
  return tokenizers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<text::JsonTokenizer> tokenizers = makeTokenizers();
  const std::string_view input = fuzz::textOf(data, size);
  const std::string valid = repairUtf8(input);
  for (const text::JsonTokenizer& tokenizer : tokenizers) {
    const std::vector<text::TokenId> ids = tokenizer.encode(input, false);
    fuzz::expect(ids == tokenizer.encode(valid, false), "invalid bytes are replaced first");
    const std::string decoded = tokenizer.decode(ids, false);
    fuzz::expect(repairUtf8(decoded) == decoded, "decoded text is valid");
  }
  if (valid.find("<e>") == std::string::npos) {
    const auto ids = tokenizers.front().encode(valid, false);
    fuzz::expect(tokenizers.front().decode(ids, false) == valid, "bytes come back as they were");
  }
  return 0;
}
