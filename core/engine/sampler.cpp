// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

text::TokenId argmax(std::span<const float> scores) {
  return static_cast<text::TokenId>(std::distance(scores.begin(), std::max_element(scores.begin(), scores.end())));
}

}  // namespace

double logSumExp(std::span<const float> logits) {
  if (logits.empty()) return -std::numeric_limits<double>::infinity();
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0.0;
  for (const float logit : logits) sum += std::exp(logit - top);
  return top + std::log(sum);
}

std::vector<ScoredToken> mostProbable(std::span<const float> logits, int count) {
  std::vector<ScoredToken> best;
  if (count <= 0) return best;
  const double total = logSumExp(logits);
  for (const text::TokenId id : largest(logits, static_cast<std::size_t>(count)))
    best.push_back({id, logits[static_cast<std::size_t>(id)] - total});
  return best;
}

std::vector<text::TokenId> largest(std::span<const float> scores, std::size_t count) {
  std::vector<text::TokenId> order(scores.size());
  std::iota(order.begin(), order.end(), text::TokenId{0});
  count = std::min(count, order.size());
  const auto better = [&](text::TokenId a, text::TokenId b) {
    const float first = scores[static_cast<std::size_t>(a)];
    const float second = scores[static_cast<std::size_t>(b)];
    return first != second ? first > second : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), better);
  order.resize(count);
  return order;
}

void checkLogits(std::span<const float> logits) {
  if (!logits.empty() && std::none_of(logits.begin(), logits.end(), [](float value) { return std::isnan(value); })) return;
  throw Error(ErrorCode::Internal, "the model's logits are not numbers",
              "the weights may be damaged, or the precision too low for them: try precision float32");
}

Sampler::Sampler(const Decoding& decoding) : decoding_(decoding), rules_(decoding), random_(decoding.seed) {}

text::TokenId Sampler::choose(std::span<const float> logits, std::span<const text::TokenId> seen) {
  checkLogits(logits);
  const bool greedy = decoding_.temperature == 0.0;
  if (greedy && !rules_.any()) return argmax(logits);
  std::vector<float> scores(logits.begin(), logits.end());
  rules_.apply(scores, seen);
  return greedy ? argmax(scores) : draw(std::move(scores));
}

text::TokenId Sampler::draw(std::vector<float> scores) {
  for (float& score : scores) score = static_cast<float>(score / decoding_.temperature);
  const std::size_t limit = decoding_.topK > 0 ? static_cast<std::size_t>(decoding_.topK) : scores.size();
  const std::vector<text::TokenId> order = largest(scores, limit);

  const double top = scores[static_cast<std::size_t>(order.front())];
  std::vector<double> weights;
  weights.reserve(order.size());
  for (const text::TokenId id : order) weights.push_back(std::exp(scores[static_cast<std::size_t>(id)] - top));
  weights.resize(kept(weights));

  double left = uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return order[i];
  }
  return order[weights.size() - 1];
}

// How many of the weights, the largest of which is 1 and first, top-p and min-p leave: at least one.
std::size_t Sampler::kept(std::span<const double> weights) const {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double reached = 0.0;
  std::size_t count = 0;
  while (count < weights.size() && (decoding_.topP == 1.0 || reached < decoding_.topP * total) &&
         weights[count] >= decoding_.minP)
    reached += weights[count++];
  return std::max<std::size_t>(count, 1);
}

// 53 random bits: std::uniform_real_distribution may differ between standard libraries.
double Sampler::uniform() {
  return static_cast<double>(random_() >> 11) * 0x1p-53;
}

}  // namespace orthoscribe::engine
