// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_tokenizer.h"

#include <string>

#include "core/base/error.h"
#include "core/learn/data/question.h"
#include "core/learn/train/packed_lessons.h"
#include "core/text/bpe_trainer.h"

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kVocabularyLimit = 3072;
constexpr int kNumbers = 256;

}  // namespace

std::int64_t trainStarterTokenizer(const std::vector<Sample>& samples, const std::vector<QuestionAnswer>& knowledge,
                                   const std::filesystem::path& folder) {
  std::vector<std::string> texts = phraseCorpus();
  for (const Sample& sample : samples) {
    if (!sample.caption.empty()) texts.push_back(sample.caption + " " + sample.detail);
  }
  for (const QuestionAnswer& pair : knowledge) texts.push_back(pair.question + " " + pair.answer);
  text::BpeTrainingOptions options;
  options.vocabularySize = kVocabularyLimit;
  options.specialTokens = {"<|system|>", "<|user|>", "<|assistant|>", "<|end|>", kImageBegin, kImageRow, kImageEnd, kPadToken};
  options.endToken = "<|end|>";
  options.padToken = kPadToken;
  for (int number = 0; number < kNumbers; ++number) {
    options.wholePieces.push_back(" " + std::to_string(number));
    if (number > 9) options.wholePieces.push_back(std::to_string(number));
  }
  return text::trainBpe(texts, options, folder);
}

std::vector<std::int64_t> numberTokens(const text::Tokenizer& tokenizer) {
  std::vector<std::int64_t> ids;
  for (int number = 0; number < kNumbers; ++number) {
    const auto pieces = tokenizer.encode(" " + std::to_string(number), false);
    if (pieces.size() != 1)
      throw Error(ErrorCode::InvalidInput, "the tokenizer cuts the number " + std::to_string(number) + " into pieces",
                  "Train the tokenizer anew.");
    ids.push_back(pieces.front());
  }
  return ids;
}

}  // namespace orthoscribe::learn
