// SPDX-License-Identifier: GPL-2.0-or-later
// A beam search over a network.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <functional>
#include <span>

#include "core/base/cancel.h"
#include "core/engine/beam_search.h"
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

// sequence: the prompt, computed, whose logits are given; it holds one of the beams afterwards. Returns the finished search: its
// finished() holds at least one. Throws Error{Cancelled}.
BeamSearch searchBeams(const model::Network& network, CachedSequence& sequence, const at::Tensor& logits,
                       std::span<const text::TokenId> prompt, const BeamRequest& request, const CancelToken& cancel);

// Tokens at the start that all open and finished answers have in common: however the search goes on, the answer begins so.
std::size_t settledTokens(const BeamSearch& search);

}  // namespace orthoscribe::engine
