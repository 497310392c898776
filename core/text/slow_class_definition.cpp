// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/slow_class_definition.h"

#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json_text.h"

namespace orthoscribe::text {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kQwen2Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kClipPattern = R"('s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";

std::vector<std::string> linesOf(const fs::path& file) {
  std::vector<std::string> lines;
  std::istringstream text(readTextFile(file));
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::move(line));
  }
  return lines;
}

json readMergesFile(const fs::path& file) {
  json merges = json::array();
  const std::vector<std::string> lines = linesOf(file);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (line.empty() || line.starts_with("#version")) continue;
    const std::size_t space = line.find(' ');
    if (space == 0 || space == std::string::npos || space + 1 == line.size()) {
      throw Error(ErrorCode::InvalidInput,
                  file.string() + ": line " + std::to_string(i + 1) + ": two tokens with a space between were expected",
                  "the file is damaged or cut short; fetch it again");
    }
    merges.push_back(line);
  }
  return merges;
}

json split(const char* pattern, const char* behaviour, bool invert) {
  return {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", behaviour}, {"invert", invert}};
}

json byteLevel(bool useRegex) {
  return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", useRegex}};
}

json sequence(const char* parts, json::initializer_list_t steps) {
  return {{"type", "Sequence"}, {parts, json::array(steps)}};
}

// A token and its id by a special token's name in the folder, or by the class's own.
json tokenWithId(const json& vocabulary, const TokenizerFolder& folder, const char* name, const char* byDefault,
                 const fs::path& file) {
  std::string token = folder.specialToken(name);
  if (token.empty()) token = byDefault;
  if (!vocabulary.contains(token)) {
    throw Error(ErrorCode::InvalidInput, file.string() + ": the token '" + token + "' (" + name + ") is not in the vocabulary",
                "the file is damaged or cut short; fetch it again");
  }
  return json::array({token, vocabulary.at(token)});
}

void describeClip(json& definition, const TokenizerFolder& folder, const fs::path& file) {
  const json& vocabulary = definition["model"]["vocab"];
  const json whiteSpace{{"type", "Replace"}, {"pattern", {{"Regex", "\\s+"}}}, {"content", " "}};
  definition["post_processor"] = {{"type", "RobertaProcessing"},
                                  {"cls", tokenWithId(vocabulary, folder, "bos_token", "<|startoftext|>", file)},
                                  {"sep", tokenWithId(vocabulary, folder, "eos_token", "<|endoftext|>", file)}};
  definition["model"]["end_of_word_suffix"] = "</w>";
  definition["model"]["unk_token"] = tokenWithId(vocabulary, folder, "unk_token", "<|endoftext|>", file)[0];
  definition["normalizer"] = sequence("normalizers", {{{"type", "NFC"}}, whiteSpace, {{"type", "Lowercase"}}});
  definition["pre_tokenizer"] = sequence("pretokenizers", {split(kClipPattern, "Removed", true), byteLevel(true)});
}

}  // namespace

json definitionFromMerges(const fs::path& directory, const TokenizerFolder& folder) {
  const std::string kind = folder.tokenizerClass();
  const fs::path file = directory / "vocab.json";
  json definition{
      {"model", {{"type", "BPE"}, {"vocab", readJsonFile(file)}, {"merges", readMergesFile(directory / "merges.txt")}}},
      {"pre_tokenizer", byteLevel(true)},
      {"decoder", {{"type", "ByteLevel"}}}};
  if (kind == "Qwen2Tokenizer") {
    definition["normalizer"] = {{"type", "NFC"}};
    definition["pre_tokenizer"] = sequence("pretokenizers", {split(kQwen2Pattern, "Isolated", false), byteLevel(false)});
  } else if (kind == "CLIPTokenizer") {
    describeClip(definition, folder, file);
  } else if (kind != "GPT2Tokenizer") {
    throw Error(ErrorCode::Unsupported,
                (directory / "tokenizer_config.json").string() + ": tokenizer_class '" + kind +
                    "' is not supported without a tokenizer.json",
                "known with vocab.json and merges.txt: Qwen2Tokenizer, GPT2Tokenizer, CLIPTokenizer");
  }
  return definition;
}

json definitionFromWordPieces(const fs::path& file, const TokenizerFolder& folder) {
  json vocabulary = json::object();
  const std::vector<std::string> lines = linesOf(file);
  for (std::size_t i = 0; i < lines.size(); ++i) vocabulary[lines[i]] = i;
  const json unknown = tokenWithId(vocabulary, folder, "unk_token", "[UNK]", file);
  const json first = tokenWithId(vocabulary, folder, "cls_token", "[CLS]", file);
  const json last = tokenWithId(vocabulary, folder, "sep_token", "[SEP]", file);
  json normaliser{{"type", "BertNormalizer"},
                  {"clean_text", true},
                  {"handle_chinese_chars", folder.flag("tokenize_chinese_chars").value_or(true)},
                  {"lowercase", folder.flag("do_lower_case").value_or(true)}};
  if (const std::optional<bool> accents = folder.flag("strip_accents")) normaliser["strip_accents"] = *accents;
  return {{"model", {{"type", "WordPiece"}, {"vocab", std::move(vocabulary)}, {"unk_token", unknown[0]}}},
          {"normalizer", std::move(normaliser)},
          {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
          {"post_processor", {{"type", "BertProcessing"}, {"cls", first}, {"sep", last}}},
          {"decoder", {{"type", "WordPiece"}}}};
}

}  // namespace orthoscribe::text
