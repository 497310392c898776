// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"
#include "tests/unit/text/tokenizer_folder_builder.h"

namespace orthoscribe::text {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JsonTokenizerTest : public testing::Test {
 protected:
  std::vector<TokenId> encode(const nlohmann::json& definition, const std::string& text) const {
    return folder_.load(definition)->encode(text, true);
  }
  std::string refusal(const nlohmann::json& definition, ErrorCode code) const {
    try {
      folder_.load(definition);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.message();
    }
    return "accepted";
  }

  TokenizerFolderBuilder folder_;
  nlohmann::json definition_ = smallDefinition();
};

TEST_F(JsonTokenizerTest, MergesInTheOrderOfTheRules) {
  EXPECT_THAT(encode(definition_, "the the"), ElementsAre(257, 258));
  EXPECT_THAT(encode(definition_, "thx"), ElementsAre(256, 'x'));
  EXPECT_THAT(encode(definition_, ""), ElementsAre());
}

TEST_F(JsonTokenizerTest, BothSpellingsOfMergesMeanTheSame) {
  nlohmann::json lines = nlohmann::json::array();
  for (const auto& pair : definition_["model"]["merges"])
    lines.push_back(pair.at(0).get<std::string>() + " " + pair.at(1).get<std::string>());
  nlohmann::json other = definition_;
  other["model"]["merges"] = lines;
  EXPECT_EQ(encode(other, "in the path"), encode(definition_, "in the path"));
}

TEST_F(JsonTokenizerTest, AddedTokensAreFoundBeforeMerges) {
  definition_["added_tokens"] = nlohmann::json::array({addedToken(300, "<|end|>"), addedToken(301, "<|e")});
  EXPECT_THAT(encode(definition_, "a<|end|>b<|ex"), ElementsAre('a', 300, 'b', 301, 'x'));
}

TEST_F(JsonTokenizerTest, StripFlagsTakeWhiteSpace) {
  definition_["added_tokens"] =
      nlohmann::json::array({addedToken(300, "<r>", {{"rstrip", true}}), addedToken(301, "<l>", {{"lstrip", true}})});
  EXPECT_THAT(encode(definition_, "a <r> \n b"), ElementsAre('a', ' ', 300, 'b'));
  EXPECT_THAT(encode(definition_, "a \u3000<l> b"), ElementsAre('a', 301, ' ', 'b'));
  // What one token took is not there for the next.
  EXPECT_THAT(encode(definition_, "<r> <l>"), ElementsAre(300, 301));
}

TEST_F(JsonTokenizerTest, SingleWordsNeedBordersOfWords) {
  definition_["added_tokens"] = nlohmann::json::array({addedToken(300, "map", {{"single_word", true}})});
  EXPECT_THAT(encode(definition_, "map, maps"), ElementsAre(300, ',', ' ', 'm', 'a', 'p', 's'));
  EXPECT_THAT(encode(definition_, "\u00e9map"), ElementsAre(0xC3, 0xA9, 'm', 'a', 'p'));
}

TEST_F(JsonTokenizerTest, NormalisedTokensAreFoundInNormalisedText) {
  definition_["normalizer"] = {{"type", "NFC"}};
  definition_["added_tokens"] = nlohmann::json::array(
      {addedToken(300, "\u00e9", {{"normalized", true}}), addedToken(301, "\u00f6", {{"normalized", false}})});
  EXPECT_THAT(encode(definition_, "e\u0301"), ElementsAre(300));
  EXPECT_THAT(encode(definition_, "o\u0308"), ElementsAre(0xC3, 0xB6));
  EXPECT_THAT(encode(definition_, "\u00f6"), ElementsAre(301));
}

TEST_F(JsonTokenizerTest, SpecialTokensAreLeftOutOnRequest) {
  definition_["added_tokens"] =
      nlohmann::json::array({addedToken(300, "<|end|>"), addedToken(301, "<tool>", {{"special", false}})});
  const auto tokenizer = folder_.load(definition_);
  const std::vector<TokenId> ids{'a', 301, 300, 9999};
  EXPECT_EQ(tokenizer->decode(ids, true), "a<tool>");
  EXPECT_EQ(tokenizer->decode(ids, false), "a<tool><|end|>");
  EXPECT_EQ(tokenizer->tokenBytes(300, false), "");
  EXPECT_EQ(tokenizer->tokenBytes(300, true), "<|end|>");
  EXPECT_EQ(tokenizer->tokenBytes(9999, true), "");
  EXPECT_TRUE(tokenizer->isSpecial(300));
  EXPECT_FALSE(tokenizer->isSpecial(301));
  EXPECT_EQ(tokenizer->idOf("<tool>"), 301);
  EXPECT_EQ(tokenizer->idOf("<none>"), std::nullopt);
  EXPECT_EQ(tokenizer->size(), 302);
}

TEST_F(JsonTokenizerTest, TheTemplateStandsAroundTheText) {
  definition_["added_tokens"] = nlohmann::json::array({addedToken(300, "<s>"), addedToken(301, "</s>")});
  definition_["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single", {{{"SpecialToken", {{"id", "<s>"}}}}, {{"Sequence", {{"id", "A"}}}}, {{"SpecialToken", {{"id", "</s>"}}}}}},
      {"special_tokens", {{"<s>", {{"ids", {300}}}}, {"</s>", {{"ids", {301}}}}}}};
  EXPECT_THAT(encode(definition_, "a"), ElementsAre(300, 'a', 301));
  EXPECT_THAT(folder_.load(definition_)->encode("a", false), ElementsAre('a'));
}

TEST_F(JsonTokenizerTest, TheLlamaClassPutsItsTokensByItsFlags) {
  definition_["added_tokens"] = nlohmann::json::array({addedToken(300, "<s>"), addedToken(301, "</s>")});
  folder_.write("tokenizer_config.json", {{"tokenizer_class", "LlamaTokenizerFast"},
                                          {"bos_token", "<s>"},
                                          {"eos_token", "</s>"},
                                          {"add_bos_token", false},
                                          {"add_eos_token", true}});
  EXPECT_THAT(encode(definition_, "a"), ElementsAre('a', 301));
}

TEST_F(JsonTokenizerTest, TokensOfTheOtherFilesAreAdded) {
  folder_.write("tokenizer_config.json",
                {{"added_tokens_decoder", {{"300", {{"content", "<box>"}, {"special", true}, {"rstrip", true}}}}}});
  folder_.write("added_tokens.json", {{"<ref>", 301}});
  EXPECT_THAT(encode(definition_, "<box> a<ref> b"), ElementsAre(300, 'a', 301, ' ', 'b'));
}

TEST_F(JsonTokenizerTest, DigitsAndSplitsCutPieces) {
  const nlohmann::json byteLevel{{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  const auto withStep = [&](const nlohmann::json& step) {
    nlohmann::json changed = definition_;
    changed["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", {step, byteLevel}}};
    // A merge across the cut shows whether it was made.
    changed["model"]["vocab"]["12"] = 259;
    changed["model"]["vocab"]["ab"] = 260;
    changed["model"]["merges"].push_back({"1", "2"});
    changed["model"]["merges"].push_back({"a", "b"});
    return changed;
  };
  EXPECT_THAT(encode(withStep({{"type", "Digits"}, {"individual_digits", true}}), "12"), ElementsAre('1', '2'));
  EXPECT_THAT(encode(withStep({{"type", "Digits"}, {"individual_digits", false}}), "12"), ElementsAre(259));
  const auto split = [&](const std::string& behaviour) {
    return withStep({{"type", "Split"}, {"pattern", {{"String", "-"}}}, {"behavior", behaviour}, {"invert", false}});
  };
  EXPECT_THAT(encode(split("Removed"), "ab-ab"), ElementsAre(260, 260));
  EXPECT_THAT(encode(split("Isolated"), "ab-ab"), ElementsAre(260, '-', 260));
}

TEST_F(JsonTokenizerTest, InvalidUtf8BecomesReplacementsFirst) {
  EXPECT_THAT(encode(definition_, "a\xFF"), ElementsAre('a', 0xEF, 0xBF, 0xBD));
}

TEST_F(JsonTokenizerTest, StreamedBytesEqualTheWholeText) {
  const auto tokenizer = folder_.load(definition_);
  const std::string text = "the gr\u00f6\u00dfte \u6771\u4eac \U0001F6F0";
  std::string streamed;
  for (const TokenId id : tokenizer->encode(text, false)) streamed += tokenizer->tokenBytes(id, false);
  EXPECT_EQ(streamed, text);
}

TEST_F(JsonTokenizerTest, LongPiecesTakeReasonableTime) {
  const std::string text(200'000, 't');
  EXPECT_EQ(encode(definition_, text).size(), text.size());
}

TEST_F(JsonTokenizerTest, UnknownPartsAreRefusedByName) {
  const auto changed = [&](const char* part, const nlohmann::json& value) {
    nlohmann::json definition = definition_;
    definition[part] = value;
    return refusal(definition, ErrorCode::Unsupported);
  };
  EXPECT_THAT(changed("normalizer", {{"type", "Precompiled"}}), HasSubstr("Precompiled"));
  EXPECT_THAT(changed("pre_tokenizer", {{"type", "UnicodeScripts"}}), HasSubstr("UnicodeScripts"));
  EXPECT_THAT(changed("post_processor", {{"type", "Reversed"}}), HasSubstr("Reversed"));
  EXPECT_THAT(changed("decoder", {{"type", "CTC"}}), HasSubstr("CTC"));
  definition_["model"]["type"] = "Unigram";
  EXPECT_THAT(refusal(definition_, ErrorCode::Unsupported), HasSubstr("Unigram"));
}

TEST_F(JsonTokenizerTest, BrokenFieldsAreNamed) {
  nlohmann::json broken = definition_;
  broken["model"]["merges"].push_back({"q", "zz"});
  EXPECT_THAT(refusal(broken, ErrorCode::InvalidInput),
              testing::AllOf(HasSubstr("tokenizer.json"), HasSubstr("model.merges[3]")));
  broken = definition_;
  broken["model"]["vocab"]["th"] = -4;
  EXPECT_THAT(refusal(broken, ErrorCode::InvalidInput), HasSubstr("model.vocab.th"));
  broken = definition_;
  broken["added_tokens"] = nlohmann::json::array({{{"id", 300}}});
  EXPECT_THAT(refusal(broken, ErrorCode::InvalidInput), HasSubstr("added_tokens[0].content"));
  broken = definition_;
  broken.erase("model");
  EXPECT_THAT(refusal(broken, ErrorCode::InvalidInput), HasSubstr("model"));
  broken = definition_;
  broken["pre_tokenizer"] = {{"type", "Split"}, {"pattern", {{"Regex", "(["}}}, {"behavior", "Isolated"}};
  EXPECT_THAT(refusal(broken, ErrorCode::InvalidInput), HasSubstr("pre_tokenizer.pattern.Regex"));
}

TEST_F(JsonTokenizerTest, AFolderWithoutATokenizerSaysWhatItNeeds) {
  try {
    loadTokenizer(folder_.path());
    ADD_FAILURE() << "an empty folder was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
    EXPECT_THAT(error.hint(), HasSubstr("tokenizer.json"));
  }
}

TEST_F(JsonTokenizerTest, WordPiecesTakeTheLongestFirst) {
  nlohmann::json definition = wordPieceDefinition();
  EXPECT_THAT(encode(definition, "the then th"), ElementsAre(3, 3, 4, 0));
  EXPECT_THAT(encode(definition, "THE\u0301N, \u4e2dn"), ElementsAre(3, 4, 6, 7, 5));
  EXPECT_THAT(encode(definition, std::string(101, 'n')), ElementsAre(0));
  EXPECT_EQ(encode(definition, std::string(100, 'n')).size(), 100U);
  EXPECT_EQ(folder_.load(definition)->decode(std::vector<TokenId>{3, 4, 6, 7}, false), "then, \u4e2d");
  definition["normalizer"] = {{"type", "BertNormalizer"}, {"lowercase", false}, {"handle_chinese_chars", false}};
  EXPECT_THAT(encode(definition, "the THE"), ElementsAre(3, 0));
  EXPECT_THAT(encode(definition, "\u4e2dn"), ElementsAre(7, 4));
  // Accents stay where letters do, unless it is said.
  definition["normalizer"]["strip_accents"] = true;
  EXPECT_THAT(encode(definition, "the\u0301"), ElementsAre(3));
}

TEST_F(JsonTokenizerTest, LongWordsTakeReasonableTimeWhateverTheFileAllows) {
  nlohmann::json definition = wordPieceDefinition();
  definition["model"]["max_input_chars_per_word"] = 1'000'000'000;
  EXPECT_EQ(encode(definition, std::string(500'000, 'n')).size(), 500'000U);
}

TEST_F(JsonTokenizerTest, FilesThatAreCutShortAreNamed) {
  const auto said = [&](const std::string& file, const std::string& bytes) -> std::string {
    writeTextFile(folder_.path() / file, bytes);
    try {
      loadTokenizer(folder_.path());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput) << error.what();
      return error.message();
    }
    return "accepted";
  };
  const std::string whole = definition_.dump();
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
    EXPECT_THAT(said("tokenizer.json", whole.substr(0, length)), HasSubstr("tokenizer.json")) << length;
  }
  writeTextFile(folder_.path() / "tokenizer.json", whole);
  EXPECT_THAT(said("tokenizer_config.json", "{\"bos_token\": "), HasSubstr("tokenizer_config.json"));
  EXPECT_THAT(said("tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}"),
              HasSubstr("added_tokens_decoder.x"));
  EXPECT_THAT(said("tokenizer_config.json", "{\"add_bos_token\": \"yes\", \"tokenizer_class\": \"LlamaTokenizer\"}"),
              HasSubstr("add_bos_token"));
}

TEST_F(JsonTokenizerTest, SlowFilesThatAreCutShortAreNamed) {
  folder_.write("tokenizer_config.json", {{"tokenizer_class", "GPT2Tokenizer"}});
  folder_.write("vocab.json", {{"a", 0}, {"b", 1}, {"ab", 2}});
  const auto said = [&]() -> std::string {
    try {
      loadTokenizer(folder_.path());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput) << error.what();
      return error.message();
    }
    return "accepted";
  };
  writeTextFile(folder_.path() / "merges.txt", "#version: 0.2\na b\n");
  EXPECT_EQ(said(), "accepted");
  writeTextFile(folder_.path() / "merges.txt", "#version: 0.2\na b\na");
  EXPECT_THAT(said(), testing::AllOf(HasSubstr("merges.txt"), HasSubstr("line 3")));
  writeTextFile(folder_.path() / "merges.txt", "a b\na ");
  EXPECT_THAT(said(), testing::AllOf(HasSubstr("merges.txt"), HasSubstr("line 2")));
  writeTextFile(folder_.path() / "merges.txt", "a c\n");
  EXPECT_THAT(said(), HasSubstr("merges[0]"));
  writeTextFile(folder_.path() / "merges.txt", "a b\n");
  writeTextFile(folder_.path() / "vocab.json", "{\"a\": 0, \"b\"");
  EXPECT_THAT(said(), HasSubstr("vocab.json"));
  std::filesystem::remove(folder_.path() / "vocab.json");
  folder_.write("tokenizer_config.json", {{"tokenizer_class", "BertTokenizer"}});
  writeTextFile(folder_.path() / "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[S");
  EXPECT_THAT(said(), testing::AllOf(HasSubstr("vocab.txt"), HasSubstr("[SEP]")));
  writeTextFile(folder_.path() / "vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\na\r\n");
  EXPECT_THAT(loadTokenizer(folder_.path())->encode("A", true), ElementsAre(2, 4, 3));
}

TEST_F(JsonTokenizerTest, DamagedFilesAreRefusedOrWork) {
  std::mt19937 random(3);
  nlohmann::json definition = definition_;
  definition["added_tokens"] = nlohmann::json::array({addedToken(300, "<|end|>")});
  const std::string whole = definition.dump();
  for (int round = 0; round < 400; ++round) {
    std::string text = whole;
    if (round % 3 == 0) text.resize(random() % text.size());
    for (std::size_t i = 0; !text.empty() && i < 1 + random() % 3; ++i)
      text[random() % text.size()] = "{}[]\",:0a\x80"[random() % 10];
    writeTextFile(folder_.path() / "tokenizer.json", text);
    try {
      const auto tokenizer = loadTokenizer(folder_.path());
      tokenizer->decode(tokenizer->encode("the <|end|> 1", true), false);
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ErrorCode::Internal) << error.what();
    }
  }
}

TEST_F(JsonTokenizerTest, WrongTypesAnywhereAreRefusedOrWork) {
  nlohmann::json definition = definition_;
  definition["added_tokens"] = nlohmann::json::array({addedToken(300, "<|end|>")});
  definition["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {{{"type", "Split"}, {"pattern", {{"Regex", "\\s"}}}, {"behavior", "Isolated"}, {"invert", false}},
        {{"type", "ByteLevel"}}}}};
  const nlohmann::json flat = definition.flatten();
  for (const auto& [pointer, unused] : flat.items()) {
    if (pointer.starts_with("/model/vocab/") && pointer.size() < 16) continue;  // 256 alike
    for (const nlohmann::json& value :
         {nlohmann::json(nullptr), nlohmann::json(-1), nlohmann::json("x"), nlohmann::json::object()}) {
      nlohmann::json broken = definition;
      broken[nlohmann::json::json_pointer(pointer)] = value;
      try {
        folder_.load(broken)->encode("the <|end|> 1", true);
      } catch (const Error& error) {
        EXPECT_NE(error.code(), ErrorCode::Internal) << pointer << ": " << error.what();
      }
    }
  }
}

}  // namespace
}  // namespace orthoscribe::text
