// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/tokenizer.h"

#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/text/json_tokenizer.h"
#include "core/text/sentencepiece_tokenizer.h"
#include "core/text/tokenizer_folder.h"

namespace orthoscribe::text {
namespace {

namespace fs = std::filesystem;

bool isThere(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored);
}

// The Llama classes put their first and last token by flags; other tokenizers do as their post-processor says.
SpecialFrame llamaFrame(const TokenizerFolder& folder, const Tokenizer& tokenizer) {
  SpecialFrame frame;
  const auto add = [&](const char* flagName, bool byDefault, const char* tokenName, std::vector<TokenId>& ids) {
    if (!folder.flag(flagName).value_or(byDefault)) return;
    if (const auto id = tokenizer.idOf(folder.specialToken(tokenName))) ids.push_back(*id);
  };
  add("add_bos_token", true, "bos_token", frame.before);
  add("add_eos_token", false, "eos_token", frame.after);
  return frame;
}

std::unique_ptr<Tokenizer> makeJsonTokenizer(const nlohmann::json& definition, const std::string& place,
                                             const TokenizerFolder& folder) {
  auto tokenizer = std::make_unique<JsonTokenizer>(JsonField(definition, place + ": "));
  tokenizer->addTokens(folder.addedTokens([&](const std::string& token) { return tokenizer->idOf(token); }));
  if (folder.tokenizerClass() == "LlamaTokenizer") tokenizer->setFrame(llamaFrame(folder, *tokenizer));
  return tokenizer;
}

std::unique_ptr<Tokenizer> makeSentencePiece(const fs::path& file, const TokenizerFolder& folder) {
  auto tokenizer = std::make_unique<SentencePieceTokenizer>(file);
  SentencePieceRules rules;
  rules.added = folder.addedTokens([&](const std::string& token) { return tokenizer->idOf(token); });
  rules.legacy = folder.flag("legacy").value_or(true);
  const std::string kind = folder.tokenizerClass();
  if (kind == "LlamaTokenizer" || kind == "InternLM2Tokenizer" || kind == "CodeLlamaTokenizer") {
    SpecialFrame frame = llamaFrame(folder, *tokenizer);
    rules.before = std::move(frame.before);
    rules.after = std::move(frame.after);
  }
  tokenizer->setRules(std::move(rules));
  return tokenizer;
}

nlohmann::json readMergesFile(const fs::path& file) {
  nlohmann::json merges = nlohmann::json::array();
  std::istringstream lines(readTextFile(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && !line.starts_with("#version")) merges.push_back(line);
  }
  return merges;
}

// vocab.json and merges.txt of the classes that have no tokenizer.json: the rules are the class's own
// (transformers, convert_slow_tokenizer.py: Qwen2Converter, GPT2Converter).
nlohmann::json definitionFromVocabulary(const fs::path& directory, const std::string& tokenizerClass) {
  const nlohmann::json byteLevel{
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", tokenizerClass != "Qwen2Tokenizer"}};
  nlohmann::json definition{{"model",
                             {{"type", "BPE"},
                              {"vocab", readJsonFile(directory / "vocab.json")},
                              {"merges", readMergesFile(directory / "merges.txt")}}},
                            {"pre_tokenizer", byteLevel},
                            {"decoder", {{"type", "ByteLevel"}}}};
  if (tokenizerClass == "Qwen2Tokenizer") {
    const char* pattern =
        R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
    const nlohmann::json split{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}};
    definition["normalizer"] = {{"type", "NFC"}};
    definition["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", {split, byteLevel}}};
  }
  return definition;
}

}  // namespace

std::unique_ptr<Tokenizer> loadTokenizer(const fs::path& modelDirectory) {
  const TokenizerFolder folder(modelDirectory);
  if (const fs::path file = modelDirectory / "tokenizer.json"; isThere(file)) {
    return makeJsonTokenizer(readJsonFile(file), file.string(), folder);
  }
  if (const fs::path file = modelDirectory / "tokenizer.model"; isThere(file)) return makeSentencePiece(file, folder);
  const std::string kind = folder.tokenizerClass();
  if (isThere(modelDirectory / "vocab.json") && isThere(modelDirectory / "merges.txt")) {
    if (kind != "Qwen2Tokenizer" && kind != "GPT2Tokenizer") {
      throw Error(ErrorCode::Unsupported,
                  (modelDirectory / "tokenizer_config.json").string() + ": tokenizer_class '" + kind +
                      "' is not supported without a tokenizer.json",
                  "known with vocab.json and merges.txt: Qwen2Tokenizer, GPT2Tokenizer");
    }
    return makeJsonTokenizer(definitionFromVocabulary(modelDirectory, kind), (modelDirectory / "vocab.json").string(), folder);
  }
  if (isThere(modelDirectory / "vocab.txt")) {
    throw Error(ErrorCode::Unsupported,
                (modelDirectory / "vocab.txt").string() + ": tokenizer model 'WordPiece' is not supported");
  }
  throw Error(ErrorCode::NotFound, "no tokenizer in " + modelDirectory.string(),
              "a model folder needs tokenizer.json, tokenizer.model, or vocab.json with merges.txt");
}

std::unique_ptr<Tokenizer> loadSentencePieceModel(const fs::path& modelFile) {
  return std::make_unique<SentencePieceTokenizer>(modelFile);
}

}  // namespace orthoscribe::text
