// SPDX-License-Identifier: GPL-2.0-or-later
// A sequence of tokens and images, and what a network has already computed of it. Starting a new sequence keeps what it shares
// with the last one, so that a second question about a picture pays for the question only.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/engine/prompt.h"
#include "core/model/network.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// An image in a sequence: its rows take the places of `span`.
struct ImageRows {
  ImageSpan span;
  std::string hash;  // equal images have equal hashes
  at::Tensor rows;   // [span.length, hiddenSize], as the network's encodeImage gives them
  // The grid in which they stand, for families to which that counts (Network::positionsOf); 0: they only follow each other.
  std::int64_t gridRows = 0;
  std::int64_t gridColumns = 0;
};

struct SequenceInput {
  std::vector<text::TokenId> ids;
  std::vector<ImageRows> images;  // by rising span
  std::int64_t expert = -1;       // of the network's adapter bank that it goes through; -1: the base alone
};

// Tokens at the start that are the same in both, images and expert included.
std::int64_t commonPrefix(const SequenceInput& a, const SequenceInput& b);

// Embeddings of the positions [begin, end), with the rows of images in their places: [end - begin, hiddenSize].
at::Tensor embed(const model::Network& network, const SequenceInput& input, std::int64_t begin, std::int64_t end);

// Where the tokens stand, for KvCache::setPositions; undefined for families to which only their order counts.
at::Tensor positionsOf(const model::Network& network, const SequenceInput& input);

class CachedSequence {
 public:
  // Keeps a reference. chunk: tokens computed in one pass of a long prompt, between which a cancel is noticed.
  explicit CachedSequence(const model::Network& network, std::int64_t chunk = 256);

  // Computes everything that the cache does not hold yet and returns the logits after the last token, float32 [vocabularySize] on
  // the CPU. Throws Error{Cancelled}; what was computed until then is kept.
  at::Tensor start(SequenceInput input, const CancelToken& cancel);
  // The same after one more token.
  at::Tensor append(text::TokenId id, const CancelToken& cancel);

  // start and append without computing: computeTogether does that.
  void begin(SequenceInput input);
  void push(text::TokenId id) { input_.ids.push_back(id); }

  // Becomes equal to `other`, a sequence of the same network. Only what differs is copied.
  void copyFrom(const CachedSequence& other);

  std::int64_t length() const { return static_cast<std::int64_t>(input_.ids.size()); }
  // Tokens that the last start() found in the cache.
  std::int64_t reused() const { return reused_; }
  void forget();
  // Hears every pass from now on; null: nobody.
  void setObserver(const model::Observer* observer) { observer_ = observer; }

 private:
  friend std::vector<at::Tensor> computeTogether(std::span<CachedSequence* const> sequences, const CancelToken& cancel);

  void setInstruction();
  at::Tensor compute(const CancelToken& cancel);
  void prepare();
  bool complete() const { return cache_.length() >= length(); }
  model::SequenceStep nextStep();
  std::int64_t chunkEnd(std::int64_t total) const;
  bool factorsDiffer(std::int64_t before, std::int64_t after) const;

  const model::Network& network_;
  const model::Observer* observer_ = nullptr;
  std::int64_t chunk_;
  SequenceInput input_;
  at::Tensor positions_;  // of the input that was started with
  model::KvCache cache_;
  std::int64_t computedFor_ = 0;  // length of the sequence whose position factors the cache has
  std::int64_t reused_ = 0;
};

// Computes what the caches of several sequences of one network do not hold yet, all of them in each pass: the weights are read
// once for all. Each has something to compute. Returns the logits after the last token of each, as start does. The observer of
// the first hears the passes. Throws Error{Cancelled}; what was computed until then is kept.
std::vector<at::Tensor> computeTogether(std::span<CachedSequence* const> sequences, const CancelToken& cancel);

}  // namespace orthoscribe::engine
