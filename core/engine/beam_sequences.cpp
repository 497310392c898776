// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/beam_sequences.h"

#include <algorithm>

namespace orthoscribe::engine {

std::vector<CachedSequence*> BeamSequences::advance(std::span<const std::size_t> parents, std::span<const text::TokenId> next) {
  reorder(parents);
  for (std::size_t i = 0; i < next.size(); ++i) inUse_[i]->push(next[i]);
  return {inUse_.begin(), inUse_.begin() + static_cast<std::ptrdiff_t>(next.size())};
}

// A parent's first child takes its cache over; the others copy what they lack into one that is not needed any more. They all
// descend from one prompt, so that this is a few tokens only.
void BeamSequences::reorder(std::span<const std::size_t> parents) {
  std::vector<CachedSequence*> children(parents.size(), nullptr);
  std::vector<CachedSequence*> taken;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    CachedSequence* parent = inUse_.at(parents[i]);
    if (std::ranges::find(taken, parent) != taken.end()) continue;
    children[i] = parent;
    taken.push_back(parent);
  }
  for (std::size_t i = 0; i < parents.size(); ++i) {
    if (children[i]) continue;
    children[i] = unused(taken);
    taken.push_back(children[i]);
    children[i]->copyFrom(*inUse_[parents[i]]);
  }
  // Those without children are kept for later ones.
  for (CachedSequence* sequence : inUse_)
    if (std::ranges::find(taken, sequence) == taken.end()) children.push_back(sequence);
  inUse_ = std::move(children);
}

CachedSequence* BeamSequences::unused(const std::vector<CachedSequence*>& taken) {
  for (CachedSequence* sequence : inUse_)
    if (std::ranges::find(taken, sequence) == taken.end()) return sequence;
  return &more_.emplace_back(network_);
}

}  // namespace orthoscribe::engine
