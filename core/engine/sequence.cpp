// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/sequence.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::engine {

std::int64_t commonPrefix(const SequenceInput& a, const SequenceInput& b) {
  // Keys and values are the expert's own.
  if (a.expert != b.expert) return 0;
  const auto [first, second] = std::mismatch(a.ids.begin(), a.ids.end(), b.ids.begin(), b.ids.end());
  std::int64_t common = first - a.ids.begin();
  // The ids of two images are the same: what they show decides.
  for (std::size_t i = 0; i < std::max(a.images.size(), b.images.size()); ++i) {
    const bool inBoth = i < a.images.size() && i < b.images.size();
    if (inBoth && a.images[i].span.begin == b.images[i].span.begin && a.images[i].span.length == b.images[i].span.length &&
        a.images[i].hash == b.images[i].hash)
      continue;
    if (i < a.images.size()) common = std::min(common, a.images[i].span.begin);
    if (i < b.images.size()) common = std::min(common, b.images[i].span.begin);
    break;
  }
  return common;
}

at::Tensor embed(const model::Network& network, const SequenceInput& input, std::int64_t begin, std::int64_t end) {
  const std::vector<text::TokenId> ids(input.ids.begin() + begin, input.ids.begin() + end);
  at::Tensor embedded = network.embedTokens(at::tensor(ids, at::kLong));
  for (const ImageRows& image : input.images) {
    const std::int64_t from = std::max(begin, image.span.begin);
    const std::int64_t to = std::min(end, image.span.begin + image.span.length);
    if (from >= to) continue;
    embedded.narrow(0, from - begin, to - from).copy_(image.rows.narrow(0, from - image.span.begin, to - from));
  }
  return embedded;
}

at::Tensor positionsOf(const model::Network& network, const SequenceInput& input) {
  std::vector<model::ImagePlace> places;
  for (const ImageRows& image : input.images) {
    const bool isGrid = image.gridRows > 0;
    places.push_back({.begin = image.span.begin,
                      .rows = isGrid ? image.gridRows : 1,
                      .columns = isGrid ? image.gridColumns : image.span.length});
  }
  return network.positionsOf(static_cast<std::int64_t>(input.ids.size()), places);
}

CachedSequence::CachedSequence(const model::Network& network, std::int64_t chunk)
    : network_(network), chunk_(chunk), cache_(network.makeCache()) {}

at::Tensor CachedSequence::start(SequenceInput input, const CancelToken& cancel) {
  begin(std::move(input));
  return compute(cancel);
}

void CachedSequence::begin(SequenceInput input) {
  if (input.ids.empty()) throw Error(ErrorCode::InvalidInput, "the prompt has no tokens", "ask something");
  const std::int64_t held = std::min(commonPrefix(input_, input), cache_.length());
  // The last token is always computed: its logits are asked for.
  reused_ = std::min(held, static_cast<std::int64_t>(input.ids.size()) - 1);
  if (reused_ > 0 && factorsDiffer(computedFor_, static_cast<std::int64_t>(input.ids.size()))) reused_ = 0;
  input_ = std::move(input);
  positions_ = positionsOf(network_, input_);
  cache_.truncate(reused_);
  cache_.setPositions(positions_);
  cache_.setExpert(input_.expert);
  if (network_.traits().routesBySequence) setInstruction();
}

// The prompt's words; what pictures show is not an instruction. Another one changes every key and value.
void CachedSequence::setInstruction() {
  const at::Tensor ids = at::tensor(input_.ids, at::kLong);
  at::Tensor words = at::ones_like(ids, at::kBool);
  for (const ImageRows& image : input_.images) words.narrow(0, image.span.begin, image.span.length).fill_(false);
  const at::Tensor spoken = words.any().item<bool>() ? at::masked_select(ids, words) : ids;
  const at::Tensor row = network_.embedTokens(spoken).to(at::kFloat).mean(0, true);
  if (cache_.instruction().defined() && at::equal(cache_.instruction(), row)) return;
  cache_.truncate(0);
  reused_ = 0;
  cache_.setInstruction(row);
}

at::Tensor CachedSequence::append(text::TokenId id, const CancelToken& cancel) {
  push(id);
  return compute(cancel);
}

void CachedSequence::copyFrom(const CachedSequence& other) {
  const std::int64_t shared = factorsDiffer(computedFor_, other.computedFor_) ? 0 : commonPrefix(input_, other.input_);
  cache_.copyFrom(other.cache_, shared);
  input_ = other.input_;
  positions_ = other.positions_;
  computedFor_ = other.computedFor_;
}

void CachedSequence::forget() {
  at::Tensor instruction = cache_.instruction();
  cache_ = network_.makeCache();
  cache_.setPositions(positions_);
  cache_.setInstruction(std::move(instruction));
  cache_.setExpert(input_.expert);
  computedFor_ = 0;
}

at::Tensor CachedSequence::compute(const CancelToken& cancel) {
  CachedSequence* const self = this;
  return computeTogether({&self, 1}, cancel).front();
}

void CachedSequence::prepare() {
  if (cache_.length() > 0 && factorsDiffer(computedFor_, length())) forget();
  computedFor_ = length();
}

model::SequenceStep CachedSequence::nextStep() {
  return {.embeddings = embed(network_, input_, cache_.length(), chunkEnd(length())), .cache = &cache_};
}

std::vector<at::Tensor> computeTogether(std::span<CachedSequence* const> sequences, const CancelToken& cancel) {
  for (CachedSequence* sequence : sequences) sequence->prepare();
  std::vector<at::Tensor> logits(sequences.size());
  // A pass that broke off may have filled some layers only.
  const auto forgetAll = [&] {
    for (CachedSequence* sequence : sequences) sequence->forget();
  };
  try {
    while (true) {
      std::vector<std::size_t> stepping;
      for (std::size_t i = 0; i < sequences.size(); ++i)
        if (!sequences[i]->complete()) stepping.push_back(i);
      if (stepping.empty()) return logits;
      cancel.throwIfCancelled();
      std::vector<model::SequenceStep> steps;
      for (const std::size_t i : stepping) steps.push_back(sequences[i]->nextStep());
      const CachedSequence& first = *sequences.front();
      const at::Tensor passed = first.network_.forwardTogether(steps, first.observer_).to(at::kCPU, at::kFloat).contiguous();
      for (std::size_t row = 0; row < stepping.size(); ++row)
        if (sequences[stepping[row]]->complete()) logits[stepping[row]] = passed[static_cast<std::int64_t>(row)];
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Cancelled) forgetAll();
    throw;
  } catch (...) {
    forgetAll();
    throw;
  }
}

// Where the next pass ends. The first one must be long enough that the factors of its own length are those of the whole.
std::int64_t CachedSequence::chunkEnd(std::int64_t total) const {
  const std::int64_t end = std::min(cache_.length() + chunk_, total);
  if (cache_.length() > 0 || !factorsDiffer(end, total)) return end;
  std::int64_t differs = end;
  std::int64_t equals = total;
  while (equals - differs > 1) {
    const std::int64_t middle = differs + (equals - differs) / 2;
    (factorsDiffer(middle, total) ? differs : equals) = middle;
  }
  return equals;
}

bool CachedSequence::factorsDiffer(std::int64_t before, std::int64_t after) const {
  return network_.mustRecompute(std::min(before, after), std::max(before, after));
}

}  // namespace orthoscribe::engine
