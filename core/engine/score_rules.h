// SPDX-License-Identifier: GPL-2.0-or-later
// Rules that change a token's score for what was said before, as transformers' logits processors of the same names.
#pragma once

#include <span>
#include <vector>

#include "core/engine/decoding.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

class ScoreRules {
 public:
  explicit ScoreRules(const Decoding& decoding)
      : repetitionPenalty_(decoding.repetitionPenalty), noRepeatNgram_(decoding.noRepeatNgram) {}

  // Whether apply() changes anything.
  bool any() const { return repetitionPenalty_ != 1.0 || noRepeatNgram_ > 0; }

  // scores [vocabulary]: logits, or with beams their log-softmax. seen: ids of prompt and answer so far; ids that are outside the
  // vocabulary stand for images. First the repetition penalty (arXiv 1909.05858): scores of seen tokens are divided by it where
  // they are positive and multiplied where they are negative, once for each token. Then noRepeatNgram: tokens that would make a
  // run of so many tokens come a second time get minus infinity.
  void apply(std::span<float> scores, std::span<const text::TokenId> seen) const;

 private:
  void penaliseSeen(std::span<float> scores, std::span<const text::TokenId> seen) const;
  void forbidRepeatedRuns(std::span<float> scores, std::span<const text::TokenId> seen) const;

  double repetitionPenalty_;
  int noRepeatNgram_;
};

}  // namespace orthoscribe::engine
