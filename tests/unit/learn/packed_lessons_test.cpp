// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/packed_lessons.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/learn/train/starter_tokenizer.h"
#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

class Packing : public testing::Test {
 protected:
  Packing() : tokenizer_(tinyTokenizer(tinySamples(2), folder_.path())), template_(text::chatTemplateNamed("starter")) {}

  TemporaryDirectory folder_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<text::ChatTemplate> template_;
};

TEST_F(Packing, EveryNumberIsOneToken) {
  EXPECT_EQ(numberTokens(*tokenizer_).size(), 256U);
}

TEST_F(Packing, AQuestionReadsAsTheTemplateWritesIt) {
  const LessonPacker packer(*tokenizer_, *template_, 3, 200);
  const PackedLessons packed = packer.pack({{{"Detect: ship", "none"}}});
  std::vector<text::TokenId> ids(packed.ids[0].data_ptr<std::int64_t>(),
                                 packed.ids[0].data_ptr<std::int64_t>() + packed.ids.size(1));
  const std::string text = tokenizer_->decode(ids, false);
  const std::string prompt =
      template_->render({{"user", "<img><IMG_CONTEXT><IMG_CONTEXT><IMG_CONTEXT></img>\nDetect: ship"}}, true);
  EXPECT_EQ(text.substr(0, prompt.size()), prompt);
  EXPECT_EQ(packed.ids[0][packed.imageBegin].item<std::int64_t>(), *tokenizer_->idOf(kImageRow));
  EXPECT_EQ(packed.imageRows, 3);
}

TEST_F(Packing, LabelsAreTheAnswersTokensAndTheEnd) {
  const LessonPacker packer(*tokenizer_, *template_, 2, 200);
  const PackedLessons packed = packer.pack({{{"Detect: ship", "ship 30 31 26 12 45"}}});
  const torch::Tensor labels = packed.labels.masked_select(packed.labels.ge(0));
  std::vector<text::TokenId> ids(labels.data_ptr<std::int64_t>(), labels.data_ptr<std::int64_t>() + labels.size(0));
  EXPECT_EQ(tokenizer_->decode(ids, false), "ship 30 31 26 12 45<|end|>");
  const double weight = packed.weights.sum().item<double>();
  EXPECT_NEAR(weight, std::sqrt(static_cast<double>(ids.size())), 1e-5);
}

TEST_F(Packing, MaskKeepsQuestionsApart) {
  const LessonPacker packer(*tokenizer_, *template_, 2, 200);
  const PackedLessons packed =
      packer.pack({{{"Detect: ship", "none"}, {"How many cars are there?", "0"}}, {{"Detect: car", "none"}}});
  const torch::Tensor mask = packed.mask();
  const std::int64_t length = packed.ids.size(1);
  for (std::int64_t picture = 0; picture < 2; ++picture) {
    for (std::int64_t row = 0; row < length; ++row) {
      const auto asker = packed.questions[picture][row].item<std::int64_t>();
      for (std::int64_t column = 0; column < length; ++column) {
        const auto asked = packed.questions[picture][column].item<std::int64_t>();
        const bool expected = column <= row && (asked == 0 || asked == asker);
        ASSERT_EQ(mask[picture][row][column].item<bool>(), expected) << picture << " " << row << " " << column;
      }
    }
  }
}

TEST_F(Packing, PositionsRestartAfterTheImage) {
  const LessonPacker packer(*tokenizer_, *template_, 2, 200);
  const PackedLessons packed = packer.pack({{{"Detect: ship", "none"}, {"Detect: car", "none"}}});
  std::int64_t firstOf1 = -1;
  std::int64_t firstOf2 = -1;
  for (std::int64_t at = packed.ids.size(1) - 1; at >= 0; --at) {
    const auto question = packed.questions[0][at].item<std::int64_t>();
    if (question == 1) firstOf1 = at;
    if (question == 2) firstOf2 = at;
  }
  EXPECT_EQ(packed.positions[0][firstOf1].item<std::int64_t>(), firstOf1);
  EXPECT_EQ(packed.positions[0][firstOf2].item<std::int64_t>(), firstOf1);
}

TEST_F(Packing, LongAnswersAreCutOff) {
  const LessonPacker packer(*tokenizer_, *template_, 2, 30);
  const std::vector<std::array<int, 5>> many(40, {10, 20, 30, 15, 5});
  const PackedLessons packed = packer.pack({{{"Detect: ship", detectAnswer(kShip, many)}}});
  EXPECT_LE(packed.questions.eq(1).sum().item<std::int64_t>(), 30);
}

}  // namespace
}  // namespace orthoscribe::learn
