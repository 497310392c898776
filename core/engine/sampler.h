// SPDX-License-Identifier: GPL-2.0-or-later
// From logits to the next token.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// Natural logarithm of the sum of exponentials. Of nothing: minus infinity.
double logSumExp(std::span<const float> logits);

struct ScoredToken {
  text::TokenId id = 0;
  double logProbability = 0.0;  // natural logarithm, under temperature 1 and without penalty
};

// The `count` most probable tokens, best first; equal ones by rising id.
std::vector<ScoredToken> mostProbable(std::span<const float> logits, int count);

// Greedy with temperature 0 (the lowest id among equals). Otherwise, in the order of transformers' generate: repetition penalty
// (arXiv 1909.05858, over prompt and answer), temperature, top-k, top-p (arXiv 1904.09751: the smallest set whose probability
// reaches topP), then a draw from what is left. Equal seeds give equal draws on every machine.
class Sampler {
 public:
  // Throws Error{InvalidInput} naming the option: temperature negative, topP outside (0, 1], topK negative, penalty not above 0.
  explicit Sampler(const GenerationOptions& options);

  // seen: tokens of the prompt and of the answer so far. Throws Error{Internal} when the logits are empty or not numbers.
  text::TokenId choose(std::span<const float> logits, std::span<const text::TokenId> seen);

 private:
  double uniform();
  text::TokenId draw(std::vector<float> scores);

  double temperature_;
  double topP_;
  int topK_;
  double repetitionPenalty_;
  std::mt19937_64 random_;
};

}  // namespace orthoscribe::engine
