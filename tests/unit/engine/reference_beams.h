// SPDX-License-Identifier: GPL-2.0-or-later
// What a beam search must give: transformers' rules step by step over dense tables, as its code has them, and a search of all
// answers there are. Both are slow and share nothing with the engine.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <vector>

#include "core/engine/beam_search.h"

namespace orthoscribe::engine::reference {

using Ids = std::vector<text::TokenId>;
// Log-probabilities [vocabulary] of the token after those ids.
using Model = std::function<std::vector<double>(const Ids& ids)>;

struct Answer {
  Ids ids;
  double score = 0.0;
};

struct Question {
  Model model;
  std::size_t vocabulary = 0;
  std::set<text::TokenId> ends = {};
  std::size_t beams = 1;
  std::size_t maxTokens = 1;
  double lengthPenalty = 1.0;
  EarlyStopping earlyStopping = EarlyStopping::No;
};

inline std::vector<std::size_t> bestOf(const std::vector<double>& values, std::size_t count) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  order.resize(std::min(count, order.size()));
  return order;
}

// Tables with a slot for each beam from the beginning; what is not there scores -1e9.
inline std::vector<Answer> tables(const Question& q) {
  constexpr double kNever = -1e9;
  std::vector<Ids> running(q.beams), kept(q.beams);
  std::vector<double> runningScores(q.beams, kNever), keptScores(q.beams, kNever);
  std::vector<bool> isKept(q.beams, false);
  runningScores[0] = 0.0;
  const std::size_t lookAt = std::max<std::size_t>(2, 1 + q.ends.size()) * q.beams;
  for (std::size_t length = 1;; ++length) {
    std::vector<double> flat;
    for (std::size_t beam = 0; beam < q.beams; ++beam)
      for (const double logProbability : q.model(running[beam])) flat.push_back(runningScores[beam] + logProbability);
    const std::vector<std::size_t> top = bestOf(flat, lookAt);
    std::vector<Ids> sequences;
    std::vector<double> scores;
    std::vector<bool> stops;
    for (const std::size_t index : top) {
      sequences.push_back(running[index / q.vocabulary]);
      sequences.back().push_back(static_cast<text::TokenId>(index % q.vocabulary));
      scores.push_back(flat[index]);
      stops.push_back(q.ends.contains(sequences.back().back()) || length >= q.maxTokens);
    }

    std::vector<double> toGoOn = scores;
    for (std::size_t i = 0; i < top.size(); ++i)
      if (stops[i]) toGoOn[i] += kNever;
    std::vector<Ids> nextRunning;
    std::vector<double> nextScores;
    for (const std::size_t i : bestOf(toGoOn, q.beams)) {
      nextRunning.push_back(sequences[i]);
      nextScores.push_back(toGoOn[i]);
    }

    const bool full = std::ranges::all_of(isKept, [](bool is) { return is; });
    std::vector<Ids> merged = kept;
    std::vector<double> mergedScores = keptScores;
    std::vector<bool> mergedIs = isKept;
    for (std::size_t i = 0; i < top.size(); ++i) {
      const bool justFinished = stops[i] && i < q.beams;
      double score = scores[i] / std::pow(double(length), q.lengthPenalty);
      if (full && q.earlyStopping == EarlyStopping::Yes) score += kNever;
      if (!justFinished) score += kNever;
      merged.push_back(sequences[i]);
      mergedScores.push_back(score);
      mergedIs.push_back(justFinished);
    }
    const std::vector<std::size_t> best = bestOf(mergedScores, q.beams);
    for (std::size_t slot = 0; slot < best.size(); ++slot) {
      kept[slot] = merged[best[slot]];
      keptScores[slot] = mergedScores[best[slot]];
      isKept[slot] = mergedIs[best[slot]];
    }
    running = nextRunning;
    runningScores = nextScores;

    const bool allKept = std::ranges::all_of(isKept, [](bool is) { return is; });
    const bool patient = q.earlyStopping == EarlyStopping::Never && q.lengthPenalty > 0;
    const double hoped = runningScores[0] / std::pow(double(patient ? q.maxTokens : length), q.lengthPenalty);
    const double worst = allKept ? *std::ranges::min_element(keptScores) : kNever;
    const bool goOn = hoped > worst && !(allKept && q.earlyStopping == EarlyStopping::Yes) &&
                      !std::ranges::all_of(stops, [](bool is) { return is; });
    if (!goOn) break;
  }
  std::vector<Answer> answers;
  for (std::size_t slot = 0; slot < q.beams; ++slot)
    if (isKept[slot]) answers.push_back({kept[slot], keptScores[slot]});
  return answers;
}

// The best of all answers that can be given.
inline Answer best(const Question& q, const Ids& begin = {}, double sum = 0.0) {
  Answer found{{}, -1e300};
  const std::vector<double> logProbabilities = q.model(begin);
  for (std::size_t id = 0; id < q.vocabulary; ++id) {
    Ids ids = begin;
    ids.push_back(static_cast<text::TokenId>(id));
    const double total = sum + logProbabilities[id];
    const bool over = q.ends.contains(ids.back()) || ids.size() >= q.maxTokens;
    Answer answer = over ? Answer{ids, total / std::pow(double(ids.size()), q.lengthPenalty)} : best(q, ids, total);
    if (answer.score > found.score) found = std::move(answer);
  }
  return found;
}

// Log-probabilities that differ after every beginning, and nowhere by little.
inline std::vector<double> scattered(const Ids& ids, std::size_t vocabulary, unsigned seed) {
  std::uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  for (const text::TokenId id : ids)
    state = (state ^ static_cast<std::uint64_t>(id + 7)) * 0xbf58476d1ce4e5b9u + 0x94d049bb133111ebu;
  std::vector<double> logits(vocabulary);
  for (double& logit : logits) {
    state ^= state >> 29;
    state = state * 0xbf58476d1ce4e5b9u + 1;
    logit = 5.0 * double(state >> 11) * 0x1p-53;
  }
  double sum = 0.0;
  for (const double logit : logits) sum += std::exp(logit);
  for (double& logit : logits) logit -= std::log(sum);
  return logits;
}

}  // namespace orthoscribe::engine::reference
