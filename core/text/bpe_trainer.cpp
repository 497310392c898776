// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/bpe_trainer.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text_encoding.h"
#include "core/text/added_tokens.h"
#include "core/text/byte_alphabet.h"
#include "core/text/merge_learner.h"

namespace orthoscribe::text {
namespace {

using Json = nlohmann::ordered_json;

Json preTokenizerJson(const std::string& pattern) {
  const Json split{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}};
  const Json byteLevel{{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", false}, {"use_regex", false}};
  return {{"type", "Sequence"}, {"pretokenizers", {split, byteLevel}}};
}

std::vector<std::string> cut(const PreTokenizer& preTokenizer, std::string_view text) {
  std::vector<std::string> pieces{std::string(text)};
  preTokenizer.cut(pieces, false);
  return pieces;
}

void checkOptions(const BpeTrainingOptions& options, const PreTokenizer& preTokenizer) {
  const auto needed = static_cast<std::int64_t>(256 + options.wholePieces.size() + options.specialTokens.size());
  if (options.vocabularySize < needed) {
    throw Error(ErrorCode::InvalidInput, "a vocabulary of " + std::to_string(options.vocabularySize) +
                                             " tokens is too small: bytes, whole pieces and special tokens are " +
                                             std::to_string(needed));
  }
  for (const std::string& piece : options.wholePieces) {
    if (cut(preTokenizer, piece) != std::vector{piece}) {
      throw Error(ErrorCode::InvalidInput, "the pattern cuts '" + piece + "', which is to be one token");
    }
  }
  for (const std::string& token : {options.endToken, options.padToken}) {
    if (!token.empty() && std::ranges::find(options.specialTokens, token) == options.specialTokens.end()) {
      throw Error(ErrorCode::InvalidInput, "'" + token + "' is not among the special tokens");
    }
  }
}

std::map<std::string, std::int64_t> countWords(std::span<const std::string> texts, const BpeTrainingOptions& options,
                                               const PreTokenizer& preTokenizer) {
  std::vector<AddedToken> special;
  for (const std::string& token : options.specialTokens) special.push_back({.content = token});
  const AddedTokenFinder finder(std::move(special));
  const std::set<std::string> whole(options.wholePieces.begin(), options.wholePieces.end());
  std::map<std::string, std::int64_t> words;
  for (const std::string& text : texts) {
    const std::string valid = repairUtf8(text);
    for (const TextSegment& segment : finder.split(valid)) {
      if (segment.token) continue;
      for (const std::string& piece : cut(preTokenizer, segment.text)) {
        if (!whole.contains(piece)) ++words[piece];
      }
    }
  }
  return words;
}

struct Learned {
  std::vector<std::string> tokens;  // bytes, in the order of their ids
  Json merges = Json::array();
};

Learned learn(const std::map<std::string, std::int64_t>& words, const BpeTrainingOptions& options) {
  Learned learned;
  for (int byte = 0; byte < 256; ++byte) learned.tokens.emplace_back(1, static_cast<char>(byte));
  std::set<std::string> known(learned.tokens.begin(), learned.tokens.end());
  const auto add = [&](const std::string& token) {
    if (known.insert(token).second) learned.tokens.push_back(token);
  };
  for (const std::string& piece : options.wholePieces) add(piece);
  const auto room = static_cast<std::size_t>(options.vocabularySize) - options.specialTokens.size();
  MergeLearner learner(words);
  MergeLearner::Pair pair;
  while (learned.tokens.size() < room && learner.joinMostFrequent(options.minimumCount, pair)) {
    learned.merges.push_back({bytesToAlphabet(pair.left), bytesToAlphabet(pair.right)});
    add(pair.left + pair.right);
  }
  return learned;
}

Json addedTokenJson(const std::string& content, std::size_t id) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

Json definitionJson(const Learned& learned, const BpeTrainingOptions& options) {
  Json vocabulary = Json::object();
  for (std::size_t id = 0; id < learned.tokens.size(); ++id) vocabulary[bytesToAlphabet(learned.tokens[id])] = id;
  Json added = Json::array();
  for (std::size_t i = 0; i < options.specialTokens.size(); ++i) {
    added.push_back(addedTokenJson(options.specialTokens[i], learned.tokens.size() + i));
  }
  // ignore_merges is what makes whole pieces one token without merges of their own.
  const Json model{{"type", "BPE"},
                   {"dropout", nullptr},
                   {"unk_token", nullptr},
                   {"continuing_subword_prefix", nullptr},
                   {"end_of_word_suffix", nullptr},
                   {"fuse_unk", false},
                   {"byte_fallback", false},
                   {"ignore_merges", true},
                   {"vocab", vocabulary},
                   {"merges", learned.merges}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added},
          {"normalizer", nullptr},
          {"pre_tokenizer", preTokenizerJson(options.pattern)},
          {"post_processor", nullptr},
          {"decoder", {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}}},
          {"model", model}};
}

Json configJson(const Learned& learned, const BpeTrainingOptions& options) {
  Json decoder = Json::object();
  for (std::size_t i = 0; i < options.specialTokens.size(); ++i) {
    Json token = addedTokenJson(options.specialTokens[i], 0);
    token.erase("id");
    decoder[std::to_string(learned.tokens.size() + i)] = token;
  }
  Json config{
      {"tokenizer_class", "PreTrainedTokenizerFast"}, {"clean_up_tokenization_spaces", false}, {"added_tokens_decoder", decoder}};
  if (!options.endToken.empty()) config["eos_token"] = options.endToken;
  if (!options.padToken.empty()) config["pad_token"] = options.padToken;
  return config;
}

}  // namespace

std::int64_t trainBpe(std::span<const std::string> texts, const BpeTrainingOptions& options,
                      const std::filesystem::path& directory) {
  const nlohmann::json preTokenizerDefinition = preTokenizerJson(options.pattern);
  const auto preTokenizer = makePreTokenizer(JsonField(preTokenizerDefinition, "pattern: "));
  checkOptions(options, *preTokenizer);
  const Learned learned = learn(countWords(texts, options, *preTokenizer), options);
  writeTextFile(directory / "tokenizer.json", definitionJson(learned, options).dump(1) + "\n");
  writeTextFile(directory / "tokenizer_config.json", configJson(learned, options).dump(1) + "\n");
  return static_cast<std::int64_t>(learned.tokens.size() + options.specialTokens.size());
}

}  // namespace orthoscribe::text
