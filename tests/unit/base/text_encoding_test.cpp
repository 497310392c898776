// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/text_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"

namespace orthoscribe {
namespace {

std::string encode(std::string_view text) {
  return encodeBase64(std::as_bytes(std::span(text)));
}

std::string decode(std::string_view text) {
  const auto bytes = decodeBase64(text);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Base64Pair {
  const char* plain;
  const char* encoded;
};

// RFC 4648, section 10.
TEST(Base64, VectorsOfTheStandard) {
  for (const Base64Pair& pair : {Base64Pair{"", ""},
                                 {"f", "Zg=="},
                                 {"fo", "Zm8="},
                                 {"foo", "Zm9v"},
                                 {"foob", "Zm9vYg=="},
                                 {"fooba", "Zm9vYmE="},
                                 {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(encode(pair.plain), pair.encoded);
    EXPECT_EQ(decode(pair.encoded), pair.plain);
  }
}

TEST(Base64, PaddingIsOptional) {
  EXPECT_EQ(decode("Zg"), "f");
  EXPECT_EQ(decode("Zm8"), "fo");
}

TEST(Base64, EveryByteSurvives) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  for (std::size_t length = 250; length <= 256; ++length) {
    EXPECT_EQ(decode(encode(bytes.substr(0, length))), bytes.substr(0, length));
  }
}

TEST(Base64, AWrongCharacterIsNamedByItsOffset) {
  try {
    decodeBase64("Zm9v Zm9");
    ADD_FAILURE() << "a space was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_THAT(error.message(), testing::HasSubstr("offset 4"));
  }
}

TEST(Base64, ImpossibleTextsAreRefused) {
  for (const char* text : {"Z", "Zm9vZ", "Zm=v", "Zm9v\n", "Zm-_", "===="}) EXPECT_THROW(decodeBase64(text), Error) << text;
}

TEST(RepairUtf8, ValidTextStaysAsItIs) {
  for (const std::string text : {"", "plain", "größer", "東京", "\U0001F6F0", "\U0010FFFF"}) EXPECT_EQ(repairUtf8(text), text);
}

// Unicode 15, section 3.9, tables 3-8 to 3-11: one replacement for each maximal subpart.
TEST(RepairUtf8, TablesOfTheStandard) {
  const std::string r = "\uFFFD";
  EXPECT_EQ(repairUtf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repairUtf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(repairUtf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(repairUtf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
}

TEST(RepairUtf8, ATruncatedEndIsOneReplacement) {
  EXPECT_EQ(repairUtf8("a\xE6\x9D"), "a\uFFFD");
  EXPECT_EQ(repairUtf8("\xF0\x9F\x9B"), "\uFFFD");
}

TEST(RepairUtf8, TheResultIsAlwaysValid) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t i = 0, length = random() % 12; i < length; ++i)
      text += static_cast<char>(random() % 2 ? 0x80 + random() % 128 : random() % 128);
    const std::string repaired = repairUtf8(text);
    EXPECT_EQ(repairUtf8(repaired), repaired);
    EXPECT_EQ(completeUtf8Length(repaired), repaired.size());
  }
}

TEST(CompleteUtf8Length, StopsBeforeAnOpenSequence) {
  EXPECT_EQ(completeUtf8Length("ab"), 2u);
  EXPECT_EQ(completeUtf8Length("a\xE6\x9D\xB1"), 4u);
  EXPECT_EQ(completeUtf8Length("a\xE6\x9D"), 1u);
  EXPECT_EQ(completeUtf8Length("a\xE6"), 1u);
  EXPECT_EQ(completeUtf8Length("\xF0\x9F\x9B"), 0u);
}

TEST(CompleteUtf8Length, WhatCanNeverBecomeValidIsNotWaitedFor) {
  EXPECT_EQ(completeUtf8Length("a\xFF"), 2u);
  EXPECT_EQ(completeUtf8Length("\xE6\x41"), 2u);
}

}  // namespace
}  // namespace orthoscribe
