// SPDX-License-Identifier: GPL-2.0-or-later
// Beam search as transformers' generate does it (GenerationMixin._beam_search, num_beams > 1, do_sample false): several answers
// grow side by side, and the best by log-probability a token wins. Knows nothing of networks.
//
// The rules that are followed, in the order of a step:
// 1. Scores are log-softmax of the logits, then what the score rules make of them (not normalised again), plus the sum so far.
// 2. The best max(2, 1 + end tokens) * beams continuations over all beams are looked at, so that there are always as many open
//    ones left as beams.
// 3. Those that end an answer are kept if they are among the first `beams` of them; their score is sum / tokens ^ lengthPenalty,
//    the end token counted. The best `beams` of all kept ones stay.
// 4. The best `beams` of the others grow on. At the longest length all end.
// 5. It is over when there are `beams` answers and EarlyStopping says so (there).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// Natural logarithms of the probabilities: logits minus logSumExp.
std::vector<float> logSoftmax(std::span<const float> logits);

struct BeamRules {
  int beams = 5;
  double lengthPenalty = 1.0;
  EarlyStopping earlyStopping = EarlyStopping::No;
  std::int64_t maxTokens = 0;  // of an answer, 1 or more
  std::size_t endTokens = 0;   // how many different tokens end an answer
};

// An answer, or the beginning of one.
struct Hypothesis {
  std::vector<text::TokenId> ids;      // an end token included
  std::vector<GeneratedToken> tokens;  // what was told of each, without text
  double sum = 0.0;                    // of the scores
  double score = 0.0;                  // of a finished one: sum / tokens ^ lengthPenalty
  std::size_t parent = 0;              // which of the open ones it was before the last step
  bool ended = false;                  // by an end token or a stop text, not by the longest length
};

class BeamSearch {
 public:
  // Whether `next` after those ids ends the answer.
  using Ends = std::function<bool(std::span<const text::TokenId> ids, text::TokenId next)>;
  // What is to be remembered of the token `next` of the open answer `open`.
  using Describe = std::function<GeneratedToken(std::size_t open, text::TokenId next)>;

  BeamSearch(const BeamRules& rules, Ends ends);

  // Those that grow on, best first; at the beginning one without tokens. At most rules.beams.
  const std::vector<Hypothesis>& open() const { return open_; }
  // Best first, equal ones in the order they were found; at most rules.beams.
  const std::vector<Hypothesis>& finished() const { return finished_; }
  bool done() const { return done_; }

  // One step. scores[i] [vocabulary]: of the next token of open()[i]; minus infinity: never.
  void advance(std::span<const std::vector<float>> scores, const Describe& describe);

  // Counts the open ones as finished at their present length, and ends.
  void finishOpen();

 private:
  struct Candidate {
    std::size_t open = 0;
    text::TokenId id = 0;
    double sum = 0.0;
    bool ended = false;
    bool over = false;  // ended, or as long as can be
  };

  std::vector<Candidate> bestCandidates(std::span<const std::vector<float>> scores) const;
  Hypothesis grown(const Candidate& candidate, const Describe& describe) const;
  double scoreOf(double sum, std::size_t tokens) const;
  void keep(Hypothesis hypothesis);
  bool mayImprove() const;
  bool full() const { return finished_.size() >= static_cast<std::size_t>(rules_.beams); }

  BeamRules rules_;
  Ends ends_;
  std::vector<Hypothesis> open_;
  std::vector<Hypothesis> finished_;
  bool done_ = false;
};

}  // namespace orthoscribe::engine
