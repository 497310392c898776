// SPDX-License-Identifier: GPL-2.0-or-later
// The sequences of a beam search, each with its own cache.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "core/engine/sequence.h"
#include "core/model/network.h"

namespace orthoscribe::engine {

class BeamSequences {
 public:
  // Keeps references. first: the prompt, computed; it becomes one of the sequences, and holds one of them afterwards.
  BeamSequences(const model::Network& network, CachedSequence& first) : network_(network), inUse_{&first} {}

  // Sequence i becomes the old sequence parents[i] followed by next[i]. Returns them, their last tokens not yet computed.
  std::vector<CachedSequence*> advance(std::span<const std::size_t> parents, std::span<const text::TokenId> next);

 private:
  void reorder(std::span<const std::size_t> parents);
  CachedSequence* unused(const std::vector<CachedSequence*>& taken);

  const model::Network& network_;
  std::deque<CachedSequence> more_;     // besides the first
  std::vector<CachedSequence*> inUse_;  // by their number
};

}  // namespace orthoscribe::engine
