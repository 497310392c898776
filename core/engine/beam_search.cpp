// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/beam_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/engine/sampler.h"

namespace orthoscribe::engine {

std::vector<float> logSoftmax(std::span<const float> logits) {
  const double total = logSumExp(logits);
  std::vector<float> result;
  result.reserve(logits.size());
  for (const float logit : logits) result.push_back(static_cast<float>(logit - total));
  return result;
}

BeamSearch::BeamSearch(const BeamRules& rules, Ends ends) : rules_(rules), ends_(std::move(ends)), open_(1) {
  if (rules.beams < 1 || rules.maxTokens < 1) throw Error(ErrorCode::Internal, "a beam search needs beams and tokens");
}

void BeamSearch::advance(std::span<const std::vector<float>> scores, const Describe& describe) {
  const std::vector<Candidate> candidates = bestCandidates(scores);
  const auto beams = static_cast<std::size_t>(rules_.beams);
  std::vector<Hypothesis> next;
  for (std::size_t rank = 0; rank < candidates.size(); ++rank) {
    const Candidate& candidate = candidates[rank];
    if (!candidate.over) {
      if (next.size() < beams) next.push_back(grown(candidate, describe));
    } else if (rank < beams) {
      keep(grown(candidate, describe));
    }
  }
  open_ = std::move(next);
  const bool enough = full() && rules_.earlyStopping == EarlyStopping::Yes;
  done_ = open_.empty() || enough || !mayImprove();
}

void BeamSearch::finishOpen() {
  for (Hypothesis& hypothesis : open_) {
    if (hypothesis.ids.empty()) continue;
    hypothesis.score = scoreOf(hypothesis.sum, hypothesis.ids.size());
    keep(std::move(hypothesis));
  }
  open_.clear();
  done_ = true;
}

// Best first; equal ones in the order of beams, then of ids.
std::vector<BeamSearch::Candidate> BeamSearch::bestCandidates(std::span<const std::vector<float>> scores) const {
  const std::size_t count = std::max<std::size_t>(2, 1 + rules_.endTokens) * static_cast<std::size_t>(rules_.beams);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    for (const text::TokenId id : largest(scores[i], count)) {
      const double score = scores[i][static_cast<std::size_t>(id)];
      if (std::isfinite(score)) candidates.push_back({.open = i, .id = id, .sum = open_[i].sum + score});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.sum > b.sum; });
  candidates.resize(std::min(count, candidates.size()));
  for (Candidate& candidate : candidates) {
    const std::vector<text::TokenId>& ids = open_[candidate.open].ids;
    candidate.ended = ends_(ids, candidate.id);
    candidate.over = candidate.ended || static_cast<std::int64_t>(ids.size()) + 1 >= rules_.maxTokens;
  }
  return candidates;
}

Hypothesis BeamSearch::grown(const Candidate& candidate, const Describe& describe) const {
  Hypothesis hypothesis = open_[candidate.open];
  hypothesis.ids.push_back(candidate.id);
  hypothesis.tokens.push_back(describe(candidate.open, candidate.id));
  hypothesis.sum = candidate.sum;
  hypothesis.score = scoreOf(candidate.sum, hypothesis.ids.size());
  hypothesis.parent = candidate.open;
  hypothesis.ended = candidate.ended;
  return hypothesis;
}

double BeamSearch::scoreOf(double sum, std::size_t tokens) const {
  return sum / std::pow(static_cast<double>(tokens), rules_.lengthPenalty);
}

void BeamSearch::keep(Hypothesis hypothesis) {
  const auto worse = [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; };
  finished_.insert(std::upper_bound(finished_.begin(), finished_.end(), hypothesis, worse), std::move(hypothesis));
  if (finished_.size() > static_cast<std::size_t>(rules_.beams)) finished_.pop_back();
}

// The guess of transformers: a longer answer may well be better than the best open one is now.
bool BeamSearch::mayImprove() const {
  if (open_.empty()) return false;
  if (!full()) return true;
  const bool patient = rules_.earlyStopping == EarlyStopping::Never && rules_.lengthPenalty > 0.0;
  const std::size_t length = patient ? static_cast<std::size_t>(rules_.maxTokens) : open_.front().ids.size();
  return scoreOf(open_.front().sum, length) > finished_.back().score;
}

}  // namespace orthoscribe::engine
