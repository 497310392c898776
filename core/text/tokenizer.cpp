// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/tokenizer.h"

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/text/json_tokenizer.h"
#include "core/text/sentencepiece_tokenizer.h"
#include "core/text/slow_class_definition.h"
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

}  // namespace

std::unique_ptr<Tokenizer> loadTokenizer(const fs::path& modelDirectory) {
  const TokenizerFolder folder(modelDirectory);
  if (const fs::path file = modelDirectory / "tokenizer.json"; isThere(file)) {
    return makeJsonTokenizer(readJsonFile(file), file.string(), folder);
  }
  if (const fs::path file = modelDirectory / "tokenizer.model"; isThere(file)) return makeSentencePiece(file, folder);
  if (isThere(modelDirectory / "vocab.json") && isThere(modelDirectory / "merges.txt")) {
    return makeJsonTokenizer(definitionFromMerges(modelDirectory, folder), (modelDirectory / "vocab.json").string(), folder);
  }
  if (const fs::path file = modelDirectory / "vocab.txt"; isThere(file)) {
    return makeJsonTokenizer(definitionFromWordPieces(file, folder), file.string(), folder);
  }
  throw Error(ErrorCode::NotFound, "no tokenizer in " + modelDirectory.string(),
              "a model folder needs tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt");
}

std::unique_ptr<Tokenizer> loadSentencePieceModel(const fs::path& modelFile) {
  return std::make_unique<SentencePieceTokenizer>(modelFile);
}

}  // namespace orthoscribe::text
