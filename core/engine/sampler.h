// SPDX-License-Identifier: GPL-2.0-or-later
// From logits to the next token.
#pragma once

#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "core/engine/decoding.h"
#include "core/engine/score_rules.h"
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

// Ids of the `count` largest scores, largest first, equal ones by rising id.
std::vector<text::TokenId> largest(std::span<const float> scores, std::size_t count);

// Throws Error{Internal} when the logits are empty or not numbers.
void checkLogits(std::span<const float> logits);

// Greedy with temperature 0 (the lowest id among equals). Otherwise, in the order of transformers' generate: score rules,
// temperature, top-k, top-p (arXiv 1904.09751: the smallest set whose probability reaches topP), min-p (arXiv 2407.01082), then a
// draw from what is left. Equal seeds give equal draws on every machine.
class Sampler {
 public:
  explicit Sampler(const Decoding& decoding);

  // seen: tokens of the prompt and of the answer so far. Throws Error{Internal} when the logits are empty or not numbers.
  text::TokenId choose(std::span<const float> logits, std::span<const text::TokenId> seen);

 private:
  double uniform();
  text::TokenId draw(std::vector<float> scores);
  std::size_t kept(std::span<const double> weights) const;

  Decoding decoding_;
  ScoreRules rules_;
  std::mt19937_64 random_;
};

}  // namespace orthoscribe::engine
