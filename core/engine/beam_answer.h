// SPDX-License-Identifier: GPL-2.0-or-later
// A beam search over a network.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "core/engine/beam_search.h"
#include "core/engine/beam_sequences.h"
#include "core/engine/score_rules.h"
#include "core/engine/sequence.h"
#include "core/model/network.h"

namespace orthoscribe::engine {

struct BeamRequest {
  BeamRules rules;
  ScoreRules scoreRules;
  BeamSearch::Ends ends;
  // What is to be remembered of a token; may be empty.
  std::function<GeneratedToken(text::TokenId id, std::span<const float> logits)> describe;
  // Called after each step; true: enough, what is open counts as finished. May be empty.
  std::function<bool(const BeamSearch& search)> enough;
};

// A search that is handed the logits it waits for, so that several can share their passes.
class BeamAnswer {
 public:
  // Keeps references to network and sequence. sequence: begun with the prompt; it holds one of the beams afterwards.
  BeamAnswer(const model::Network& network, CachedSequence& sequence, std::vector<text::TokenId> prompt, BeamRequest request);

  // Sequences to be computed for the next step, those of the open answers in their order; none when the search is over.
  const std::vector<CachedSequence*>& waiting() const { return waiting_; }
  // Their logits, each float32 [vocabularySize] on the CPU.
  void take(std::vector<at::Tensor> logits);

  // Once it is over, its finished() holds at least one.
  const BeamSearch& search() const { return search_; }

 private:
  std::vector<text::TokenId> prompt_;
  BeamRequest request_;
  BeamSearch search_;
  BeamSequences sequences_;
  std::vector<CachedSequence*> waiting_;
};

// Tokens at the start that all open and finished answers have in common: however the search goes on, the answer begins so.
std::size_t settledTokens(const BeamSearch& search);

}  // namespace orthoscribe::engine
