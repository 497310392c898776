// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/beam_answer.h"

#include <algorithm>
#include <utility>
#include <vector>

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

BeamAnswer::BeamAnswer(const model::Network& network, CachedSequence& sequence, std::vector<text::TokenId> prompt,
                       BeamRequest request)
    : prompt_(std::move(prompt)),
      request_(std::move(request)),
      search_(request_.rules, request_.ends),
      sequences_(network, sequence),
      waiting_{&sequence} {}

void BeamAnswer::take(std::vector<at::Tensor> logits) {
  const auto describe = [&](std::size_t open, text::TokenId id) {
    return request_.describe ? request_.describe(id, valuesOf(logits[open])) : GeneratedToken{};
  };
  std::vector<std::vector<float>> scores;
  for (std::size_t i = 0; i < search_.open().size(); ++i)
    scores.push_back(scoresOf(logits[i], prompt_, search_.open()[i], request_.scoreRules));
  search_.advance(scores, describe);
  if (!search_.done() && request_.enough && request_.enough(search_)) search_.finishOpen();
  waiting_.clear();
  if (search_.done()) return;

  std::vector<std::size_t> parents;
  std::vector<text::TokenId> next;
  for (const Hypothesis& open : search_.open()) {
    parents.push_back(open.parent);
    next.push_back(open.ids.back());
  }
  waiting_ = sequences_.advance(parents, next);
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
