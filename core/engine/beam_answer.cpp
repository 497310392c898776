// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/beam_answer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/engine/beam_sequences.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {
namespace {

std::span<const float> valuesOf(const at::Tensor& logits) {
  return {logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())};
}

// Log-softmax first, the rules after it: what was forbidden or penalised is not made up for by the other tokens.
std::vector<float> scoresOf(const at::Tensor& logits, std::span<const text::TokenId> prompt, const Hypothesis& open,
                            const ScoreRules& rules) {
  checkLogits(valuesOf(logits));
  std::vector<float> scores = logSoftmax(valuesOf(logits));
  if (rules.any()) {
    std::vector<text::TokenId> seen(prompt.begin(), prompt.end());
    seen.insert(seen.end(), open.ids.begin(), open.ids.end());
    rules.apply(scores, seen);
  }
  return scores;
}

}  // namespace

BeamSearch searchBeams(const model::Network& network, CachedSequence& sequence, const at::Tensor& logits,
                       std::span<const text::TokenId> prompt, const BeamRequest& request, const CancelToken& cancel) {
  BeamSearch search(request.rules, request.ends);
  BeamSequences sequences(network, sequence);
  std::vector<at::Tensor> last = {logits};
  const auto describe = [&](std::size_t open, text::TokenId id) {
    return request.describe ? request.describe(id, valuesOf(last[open])) : GeneratedToken{};
  };
  while (true) {
    cancel.throwIfCancelled();
    std::vector<std::vector<float>> scores;
    for (std::size_t i = 0; i < search.open().size(); ++i)
      scores.push_back(scoresOf(last[i], prompt, search.open()[i], request.scoreRules));
    search.advance(scores, describe);
    if (!search.done() && request.enough && request.enough(search)) search.finishOpen();
    if (search.done()) return search;

    std::vector<std::size_t> parents;
    std::vector<text::TokenId> next;
    for (const Hypothesis& open : search.open()) {
      parents.push_back(open.parent);
      next.push_back(open.ids.back());
    }
    last = sequences.advance(parents, next, cancel);
  }
}

std::size_t settledTokens(const BeamSearch& search) {
  const Hypothesis* first = nullptr;
  std::size_t common = 0;
  for (const auto* list : {&search.open(), &search.finished()}) {
    for (const Hypothesis& hypothesis : *list) {
      if (!first) {
        first = &hypothesis;
        common = hypothesis.ids.size();
        continue;
      }
      const auto differs = std::ranges::mismatch(first->ids, hypothesis.ids).in1;
      common = std::min(common, static_cast<std::size_t>(differs - first->ids.begin()));
    }
  }
  return common;
}

}  // namespace orthoscribe::engine
