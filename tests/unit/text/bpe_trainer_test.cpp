// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/bpe_trainer.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::text {
namespace {

std::vector<std::string> numberPieces() {
  std::vector<std::string> pieces;
  for (int number = 0; number < 256; ++number) {
    pieces.push_back(" " + std::to_string(number));
    pieces.push_back(std::to_string(number));
  }
  return pieces;
}

const std::vector<std::string> kTexts{"An airport with many airplanes.", "There are 3 airplanes near the airport.",
                                      "<|user|>How many airplanes?<|end|>",
                                      "The harbour holds ships; the airport holds airplanes."};

BpeTrainingOptions smallOptions() {
  BpeTrainingOptions options;
  options.vocabularySize = 256 + 512 + 3 + 40;
  options.specialTokens = {"<|user|>", "<|assistant|>", "<|end|>"};
  options.wholePieces = numberPieces();
  options.endToken = "<|end|>";
  return options;
}

TEST(BpeTrainer, WritesATokenizerThatGivesTextsBack) {
  const TemporaryDirectory folder;
  const std::int64_t size = trainBpe(kTexts, smallOptions(), folder.path());
  const auto tokenizer = loadTokenizer(folder.path());
  EXPECT_EQ(tokenizer->size(), size);
  EXPECT_LE(size, smallOptions().vocabularySize);
  for (const std::string& text : {kTexts[0], kTexts[2], std::string("größer, 東京 \x01\n  \t"), std::string()}) {
    const auto ids = tokenizer->encode(text, true);
    EXPECT_EQ(tokenizer->decode(ids, false), text);
  }
}

TEST(BpeTrainer, LearnsFrequentWordsAsOneToken) {
  const TemporaryDirectory folder;
  trainBpe(kTexts, smallOptions(), folder.path());
  const auto tokenizer = loadTokenizer(folder.path());
  EXPECT_EQ(tokenizer->encode(" airplanes", false).size(), 1u);
  EXPECT_GT(tokenizer->encode(" zeppelins", false).size(), 4u);
}

TEST(BpeTrainer, KeepsWholePiecesWhole) {
  const TemporaryDirectory folder;
  trainBpe(kTexts, smallOptions(), folder.path());
  const auto tokenizer = loadTokenizer(folder.path());
  for (const std::string& piece : numberPieces()) EXPECT_EQ(tokenizer->encode(piece, false).size(), 1u) << piece;
  EXPECT_EQ(tokenizer->encode(" 17 255 3", false).size(), 3u);
  EXPECT_GT(tokenizer->encode(" 256", false).size(), 1u);
}

TEST(BpeTrainer, SpecialTokensComeLastAndAreFoundInText) {
  const TemporaryDirectory folder;
  const std::int64_t size = trainBpe(kTexts, smallOptions(), folder.path());
  const auto tokenizer = loadTokenizer(folder.path());
  EXPECT_EQ(tokenizer->idOf("<|end|>"), size - 1);
  EXPECT_EQ(tokenizer->idOf("<|user|>"), size - 3);
  EXPECT_TRUE(tokenizer->isSpecial(size - 1));
  EXPECT_EQ(tokenizer->encode("<|user|><|end|>", false), (std::vector<TokenId>{size - 3, size - 1}));
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("<|user|>Hi<|end|>", false), true), "Hi");
}

TEST(BpeTrainer, EqualInputGivesEqualFiles) {
  const TemporaryDirectory first;
  const TemporaryDirectory second;
  trainBpe(kTexts, smallOptions(), first.path());
  trainBpe(kTexts, smallOptions(), second.path());
  EXPECT_EQ(readTextFile(first.path() / "tokenizer.json"), readTextFile(second.path() / "tokenizer.json"));
}

TEST(BpeTrainer, MergesTheMostFrequentPairFirst) {
  // "abab" three times: "ab" occurs six times, then "abab" three times; nothing else repeats.
  const TemporaryDirectory folder;
  BpeTrainingOptions options;
  options.vocabularySize = 258;
  const std::vector<std::string> texts{"abab", "abab", "abab"};
  EXPECT_EQ(trainBpe(texts, options, folder.path()), 258);
  const auto tokenizer = loadTokenizer(folder.path());
  EXPECT_EQ(tokenizer->idOf("ab"), 256);
  EXPECT_EQ(tokenizer->idOf("abab"), 257);
}

TEST(BpeTrainer, StopsWhenNothingRepeats) {
  const TemporaryDirectory folder;
  const std::vector<std::string> texts{"xyz"};
  EXPECT_EQ(trainBpe(texts, {}, folder.path()), 256);
}

TEST(BpeTrainer, RefusesWhatCannotBe) {
  const TemporaryDirectory folder;
  BpeTrainingOptions tooSmall = smallOptions();
  tooSmall.vocabularySize = 300;
  EXPECT_THROW(trainBpe(kTexts, tooSmall, folder.path()), Error);
  BpeTrainingOptions cutPiece = smallOptions();
  cutPiece.wholePieces = {"two words"};
  EXPECT_THROW(trainBpe(kTexts, cutPiece, folder.path()), Error);
  BpeTrainingOptions badPattern = smallOptions();
  badPattern.pattern = "(";
  EXPECT_THROW(trainBpe(kTexts, badPattern, folder.path()), Error);
  BpeTrainingOptions unknownEnd = smallOptions();
  unknownEnd.endToken = "<|none|>";
  EXPECT_THROW(trainBpe(kTexts, unknownEnd, folder.path()), Error);
}

}  // namespace
}  // namespace orthoscribe::text
