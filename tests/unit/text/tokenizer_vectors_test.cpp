// SPDX-License-Identifier: GPL-2.0-or-later
// The reference's tokenizer vectors, all of them (parity/README.md, tokenizer_vectors).
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/files.h"
#include "core/base/json_text.h"
#include "core/base/text_encoding.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::text {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<TokenId>;

fs::path publicFixtures() {
  return fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public";
}

std::string bytesOfBase64(const nlohmann::json& text) {
  const auto bytes = decodeBase64(text.get<std::string>());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class TokenizerVectors : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = publicFixtures() / "tokenizer_vectors" / GetParam();
    if (!fs::exists(folder_ / "vectors.json")) GTEST_SKIP() << "no fixture " << folder_;
    vectors_ = readJsonFile(folder_ / "vectors.json");
    tokenizer_ = loadTokenizer(folder_);
  }

  fs::path folder_;
  nlohmann::json vectors_;
  std::unique_ptr<Tokenizer> tokenizer_;
};

TEST_P(TokenizerVectors, EncodesAndDecodesEveryString) {
  for (const auto& row : vectors_.at("strings")) {
    const auto text = row.at("text").get<std::string>();
    SCOPED_TRACE("text " + row.at("text").dump());
    const auto ids = row.at("ids").get<Ids>();
    EXPECT_EQ(tokenizer_->encode(text, false), ids);
    EXPECT_EQ(tokenizer_->encode(text, true), row.value("ids_with_special", ids));
    EXPECT_EQ(tokenizer_->decode(ids, false), row.at("decoded").get<std::string>());
    EXPECT_EQ(tokenizer_->decode(ids, true), row.value("decoded_skip_special", row.at("decoded").get<std::string>()));
  }
}

TEST_P(TokenizerVectors, ReplacesInvalidUtf8First) {
  if (!vectors_.contains("invalid_utf8")) GTEST_SKIP() << "the fixture has no invalid UTF-8";
  for (const auto& row : vectors_.at("invalid_utf8")) {
    SCOPED_TRACE(row.at("bytes_base64").dump());
    const std::string bytes = bytesOfBase64(row.at("bytes_base64"));
    EXPECT_EQ(repairUtf8(bytes), row.at("text_after_replacement").get<std::string>());
    EXPECT_EQ(tokenizer_->encode(bytes, false), row.at("ids").get<Ids>());
  }
}

TEST_P(TokenizerVectors, DecodesArbitraryIds) {
  if (!vectors_.contains("decode")) GTEST_SKIP() << "the fixture has no ids to decode";
  for (const auto& row : vectors_.at("decode")) {
    const auto ids = row.at("ids").get<Ids>();
    SCOPED_TRACE(row.at("ids").dump());
    EXPECT_EQ(tokenizer_->decode(ids, false), row.at("decoded").get<std::string>());
    EXPECT_EQ(tokenizer_->decode(ids, true), row.at("decoded_skip_special").get<std::string>());
    if (!row.contains("bytes_base64")) continue;
    std::string streamed;
    for (const TokenId id : ids) streamed += tokenizer_->tokenBytes(id, true);
    EXPECT_EQ(streamed, bytesOfBase64(row.at("bytes_base64")));
  }
}

INSTANTIATE_TEST_SUITE_P(Parity, TokenizerVectors,
                         testing::Values("qwen2", "gpt2", "llama3", "clip", "bert", "sp_bpe", "sp_unigram"),
                         [](const auto& fixture) { return fixture.param; });

TEST(SentencePieceVectors, TheModelFileAloneAgreesWithTheLibrary) {
  const fs::path folder = publicFixtures() / "tokenizer_vectors/sp_bpe";
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
  const auto tokenizer = loadSentencePieceModel(folder / "tokenizer.model");
  const nlohmann::json vectors = readJsonFile(folder / "vectors.json");
  for (const auto& row : vectors.at("strings")) {
    SCOPED_TRACE("text " + row.at("text").dump());
    const auto& expected = row.at("sentencepiece_ids").is_string() ? row.at("ids") : row.at("sentencepiece_ids");
    EXPECT_EQ(tokenizer->encode(row.at("text").get<std::string>(), false), expected.get<Ids>());
    EXPECT_EQ(tokenizer->decode(expected.get<Ids>(), false), row.at("sentencepiece_decoded").get<std::string>());
  }
  for (const auto& row : vectors.at("invalid_utf8")) {
    EXPECT_EQ(tokenizer->encode(bytesOfBase64(row.at("bytes_base64")), false),
              row.at("sentencepiece_ids_of_replaced_text").get<Ids>());
  }
  for (const auto& row : vectors.at("decode")) {
    EXPECT_EQ(tokenizer->decode(row.at("sentencepiece_ids").get<Ids>(), false),
              row.at("sentencepiece_decoded").get<std::string>());
  }
}

// The same strings by the slow class's rules with the old "legacy" flag, which are those of the tokenizer.json for texts with
// added tokens too.
TEST(SentencePieceVectors, AFolderWithoutTokenizerJsonGivesTheSameIds) {
  const fs::path folder = publicFixtures() / "tokenizer_vectors/sp_bpe";
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
  const TemporaryDirectory copy;
  for (const char* name :
       {"tokenizer.model", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vectors.json"}) {
    fs::copy_file(folder / name, copy.path() / name);
  }
  const auto tokenizer = loadTokenizer(copy.path());
  const nlohmann::json vectors = readJsonFile(folder / "vectors.json");
  for (const auto& row : vectors.at("strings")) {
    SCOPED_TRACE("text " + row.at("text").dump());
    const auto ids = row.at("ids").get<Ids>();
    EXPECT_EQ(tokenizer->encode(row.at("text").get<std::string>(), false), ids);
    EXPECT_EQ(tokenizer->encode(row.at("text").get<std::string>(), true), row.value("ids_with_special", ids));
    EXPECT_EQ(tokenizer->decode(ids, false), row.at("decoded").get<std::string>());
    EXPECT_EQ(tokenizer->decode(ids, true), row.at("decoded_skip_special").get<std::string>());
  }
}

class ModelFixtureText : public testing::TestWithParam<std::string> {};

TEST_P(ModelFixtureText, PromptIdsAndAnswerTextAgree) {
  const fs::path folder = publicFixtures() / GetParam();
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
  const auto tokenizer = loadTokenizer(folder);
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!fs::exists(entry.path() / "expected.json")) continue;
    SCOPED_TRACE(entry.path().filename().string());
    const nlohmann::json expected = readJsonFile(entry.path() / "expected.json");
    if (!expected.contains("input_ids") || !expected.contains("decoded")) continue;
    const fs::path expanded = entry.path() / "prompt_expanded.txt";
    const std::string prompt = readTextFile(fs::exists(expanded) ? expanded : entry.path() / "prompt.txt");
    EXPECT_EQ(tokenizer->encode(prompt, expected.value("add_special_tokens", false)), expected.at("input_ids").get<Ids>());
    EXPECT_EQ(tokenizer->decode(expected.at("greedy_ids").get<Ids>(), true), expected.at("decoded").get<std::string>());
    ++cases;
  }
  EXPECT_GT(cases, 0);
}

INSTANTIATE_TEST_SUITE_P(Parity, ModelFixtureText,
                         testing::Values("qwen2_tiny", "phi3_tiny", "phi3_swa_tiny", "llama_tiny", "llama_tied_tiny",
                                         "internvl_chat_tiny_qwen2", "internvl_chat_tiny_phi3", "internvl_hf_tiny",
                                         "qwen2_5_vl_tiny", "qwen3_vl_tiny"),
                         [](const auto& fixture) { return fixture.param; });

// Folders without a tokenizer.json: the rules are the class's own.
TEST(SlowClassVectors, AFolderWithoutTokenizerJsonGivesTheSameIds) {
  for (const auto& [name, files] : {std::pair<std::string, std::vector<std::string>>("bert", {"vocab.txt"}),
                                    {"clip", {"vocab.json", "merges.txt"}},
                                    {"gpt2", {"vocab.json", "merges.txt"}},
                                    {"qwen2", {"vocab.json", "merges.txt"}}}) {
    const fs::path folder = publicFixtures() / "tokenizer_vectors" / name;
    if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
    const TemporaryDirectory copy;
    for (const std::string file : {"tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"})
      fs::copy_file(folder / file, copy.path() / file);
    for (const std::string& file : files) fs::copy_file(folder / file, copy.path() / file);
    const auto tokenizer = loadTokenizer(copy.path());
    for (const auto& row : readJsonFile(folder / "vectors.json").at("strings")) {
      SCOPED_TRACE(name + ", text " + row.at("text").dump());
      const auto ids = row.at("ids").get<Ids>();
      EXPECT_EQ(tokenizer->encode(row.at("text").get<std::string>(), false), ids);
      EXPECT_EQ(tokenizer->encode(row.at("text").get<std::string>(), true), row.value("ids_with_special", ids));
      EXPECT_EQ(tokenizer->decode(ids, true), row.at("decoded_skip_special").get<std::string>());
    }
  }
}

}  // namespace
}  // namespace orthoscribe::text
