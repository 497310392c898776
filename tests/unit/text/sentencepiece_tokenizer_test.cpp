// SPDX-License-Identifier: GPL-2.0-or-later
// Rules of the slow Llama class, on the vectors' SentencePiece model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/text/tokenizer.h"
#include "tests/unit/text/tokenizer_folder_builder.h"

namespace orthoscribe::text {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class SlowLlama : public testing::Test {
 protected:
  void SetUp() override {
    model_ = fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/tokenizer_vectors/sp_bpe/tokenizer.model";
    if (!fs::exists(model_)) GTEST_SKIP() << "no fixture " << model_;
    fs::copy_file(model_, folder_.path() / "tokenizer.model");
  }

  std::unique_ptr<Tokenizer> load(const nlohmann::json& config) const {
    folder_.write("tokenizer_config.json", config);
    return loadTokenizer(folder_.path());
  }

  static nlohmann::json config(bool legacy) {
    return {{"tokenizer_class", "LlamaTokenizer"},
            {"bos_token", "<s>"},
            {"eos_token", "</s>"},
            {"unk_token", "<unk>"},
            {"add_bos_token", true},
            {"legacy", legacy},
            {"added_tokens_decoder",
             {{"600", {{"content", "<|user|>"}, {"special", true}, {"rstrip", true}}},
              {"601", {{"content", "<ref>"}, {"special", true}}}}}};
  }

  fs::path model_;
  TokenizerFolderBuilder folder_;
};

TEST_F(SlowLlama, WhiteSpaceBehindRoleTokensGivesNoToken) {
  const auto tokenizer = load(config(true));
  EXPECT_EQ(tokenizer->encode("<|user|>\nhi", true), tokenizer->encode("<|user|>hi", true));
  EXPECT_NE(tokenizer->encode("<ref>\nhi", true), tokenizer->encode("<ref>hi", true));
}

TEST_F(SlowLlama, LegacyPutsASpaceBehindAddedTokensAndTheNewRulesDoNot) {
  const auto legacy = load(config(true));
  const auto current = load(config(false));
  const auto space = legacy->idOf("\u2581");
  ASSERT_TRUE(space);
  EXPECT_EQ(legacy->encode("<ref>99", false).at(1), *space);
  EXPECT_NE(current->encode("<ref>99", false).at(1), *space);
  EXPECT_EQ(current->encode("<ref>99", false).at(0), 601);
  // A text of its own begins with a space either way.
  EXPECT_EQ(legacy->encode("99 boats", false), current->encode("99 boats", false));
}

TEST_F(SlowLlama, BothRulesGiveTheTextBack) {
  for (const bool legacy : {true, false}) {
    const auto tokenizer = load(config(legacy));
    for (const std::string text : {"two ships", "  spaces  inside ", "99 gr\u00f6\u00dfer \U0001F6F0"}) {
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(text, true), true), text) << "legacy " << legacy;
    }
  }
  const auto current = load(config(false));
  EXPECT_EQ(current->decode(current->encode("a <ref>99 ships<ref> b", true), false), "<s> a <ref>99 ships<ref> b");
}

TEST_F(SlowLlama, TheFirstTokenIsPutByItsFlag) {
  nlohmann::json without = config(true);
  without["add_bos_token"] = false;
  without["add_eos_token"] = true;
  const auto tokenizer = load(without);
  const auto ids = tokenizer->encode("hi", true);
  EXPECT_EQ(ids.back(), *tokenizer->idOf("</s>"));
  EXPECT_NE(ids.front(), *tokenizer->idOf("<s>"));
}

TEST_F(SlowLlama, StreamedBytesJoinToTheText) {
  const auto tokenizer = load(config(true));
  const std::string text = "two gr\u00f6\u00dfer \U0001F6F0 ships";
  std::string streamed;
  for (const TokenId id : tokenizer->encode(text, true)) streamed += tokenizer->tokenBytes(id, false);
  EXPECT_EQ(streamed, " " + text);
}

TEST_F(SlowLlama, UnknownIdsGiveNothing) {
  const auto tokenizer = load(config(true));
  EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{-5, 100000}, false), "");
  EXPECT_EQ(tokenizer->tokenBytes(-5, true), "");
}

TEST_F(SlowLlama, ADamagedModelIsRefused) {
  const std::string whole = readTextFile(model_);
  for (const std::string& bytes : {std::string(), std::string("not a model"), whole.substr(0, whole.size() / 2)}) {
    writeTextFile(folder_.path() / "tokenizer.model", bytes);
    try {
      loadTokenizer(folder_.path());
      ADD_FAILURE() << bytes.size() << " bytes were accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      EXPECT_THAT(error.message(), testing::HasSubstr("tokenizer.model"));
    }
  }
}

}  // namespace
}  // namespace orthoscribe::text
