// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/answer_text.h"

#include <gtest/gtest.h>

#include "byte_tokenizer.h"

namespace orthoscribe::engine {
namespace {

struct Streamed {
  std::vector<std::string> parts;  // what each add() gave, the last one from finish()
  std::string text;
  std::size_t tokens = 0;
  bool stopped = false;
};

Streamed stream(const std::vector<text::TokenId>& ids, const std::vector<std::string>& stops = {},
                const AnswerRules& rules = {}) {
  const ByteTokenizer tokenizer;
  AnswerText text(tokenizer, rules, stops);
  Streamed result;
  const auto take = [&](const std::vector<GeneratedToken>& tokens) {
    std::string part;
    for (const GeneratedToken& token : tokens) part += token.text;
    result.tokens += tokens.size();
    result.parts.push_back(part);
    result.text += part;
  };
  for (const text::TokenId id : ids) {
    take(text.add(id, {}));
    if (text.stopped()) break;
  }
  result.stopped = text.stopped();
  take(text.finish());
  return result;
}

std::vector<text::TokenId> bytes(std::string_view text) {
  return ByteTokenizer().encode(text, false);
}

TEST(AnswerText, StreamsWholeCodePoints) {
  const Streamed result = stream(bytes("aé船"));
  EXPECT_EQ(result.parts, (std::vector<std::string>{"a", "", "é", "", "", "船", ""}));
  EXPECT_EQ(result.tokens, 6u);
}

TEST(AnswerText, RepairsBytesThatNeverBecomeACodePoint) {
  EXPECT_EQ(stream({'a', 0xE2, 0x82}).text, "a\xEF\xBF\xBD");
  EXPECT_EQ(stream({0xFF, 'b'}).text,
            "\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(stream({'a', 0xE2, 0x82}).tokens, 3u);
}

TEST(AnswerText, NeverStreamsAnyPartOfAStopString) {
  const Streamed result = stream(bytes("one\n\nUser: two"), {"\nUser:"});
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(result.text, "one\n");
  EXPECT_EQ(result.tokens, 4u);
  for (const std::string& part : result.parts) EXPECT_EQ(part.find("\nU"), std::string::npos);
}

TEST(AnswerText, GivesOutWhatOnlyLookedLikeAStopString) {
  const Streamed result = stream(bytes("a\nUse it"), {"\nUser:"});
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(result.text, "a\nUse it");
}

TEST(AnswerText, HeldBackTextComesAtTheEnd) {
  const Streamed result = stream(bytes("ab\nUser"), {"\nUser:"});
  EXPECT_EQ(result.parts.back(), "\nUser");
  EXPECT_EQ(result.text, "ab\nUser");
}

TEST(AnswerText, TheFirstOfSeveralStopStringsCounts) {
  EXPECT_EQ(stream(bytes("abcdef"), {"ef", "cd", ""}).text, "ab");
  EXPECT_EQ(stream(bytes("aab!"), {"ab"}).text, "a");
}

TEST(AnswerText, ShowsOnlyTheSpecialTokensThatBelongToTheText) {
  const AnswerRules rules{.endTokens = {}, .endTexts = {}, .shownSpecial = {ByteTokenizer::kBox}};
  EXPECT_EQ(stream({'a', ByteTokenizer::kBox, ByteTokenizer::kEnd, 'b'}, {}, rules).text, "a<box>b");
}

TEST(AnswerText, DropsWhiteSpaceAtTheStart) {
  const Streamed result = stream(bytes(" \n yes no "));
  EXPECT_EQ(result.text, "yes no ");
  EXPECT_EQ(result.tokens, 10u);
}

}  // namespace
}  // namespace orthoscribe::engine
