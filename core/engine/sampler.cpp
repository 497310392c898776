// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <unordered_set>

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

void require(bool holds, const char* option, const char* range, double value) {
  if (holds) return;
  throw Error(ErrorCode::InvalidInput, std::string(option) + " is " + std::to_string(value), std::string("give ") + range);
}

// Ids of the `count` largest scores, largest first, equal ones by rising id.
std::vector<std::size_t> largest(std::span<const float> scores, std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  order.resize(count);
  return order;
}

void penalise(std::vector<float>& scores, std::span<const text::TokenId> seen, double penalty) {
  for (const text::TokenId id : std::unordered_set<text::TokenId>(seen.begin(), seen.end())) {
    if (id < 0 || id >= static_cast<text::TokenId>(scores.size())) continue;
    float& score = scores[static_cast<std::size_t>(id)];
    score = static_cast<float>(score < 0 ? score * penalty : score / penalty);
  }
}

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
  for (const std::size_t id : largest(logits, static_cast<std::size_t>(count)))
    best.push_back({static_cast<text::TokenId>(id), logits[id] - total});
  return best;
}

Sampler::Sampler(const GenerationOptions& options)
    : temperature_(options.temperature),
      topP_(options.topP),
      topK_(options.topK),
      repetitionPenalty_(options.repetitionPenalty),
      random_(options.seed) {
  require(std::isfinite(temperature_) && temperature_ >= 0, "temperature", "0 (greedy) or more", temperature_);
  require(topP_ > 0 && topP_ <= 1, "top_p", "a share above 0, at most 1", topP_);
  require(topK_ >= 0, "top_k", "0 (all tokens) or more", topK_);
  require(std::isfinite(repetitionPenalty_) && repetitionPenalty_ > 0, "repetition_penalty", "a factor above 0",
          repetitionPenalty_);
}

text::TokenId Sampler::choose(std::span<const float> logits, std::span<const text::TokenId> seen) {
  if (logits.empty() || std::any_of(logits.begin(), logits.end(), [](float value) { return std::isnan(value); }))
    throw Error(ErrorCode::Internal, "the model's logits are not numbers",
                "the weights may be damaged, or the precision too low for them: try precision float32");
  if (temperature_ == 0.0 && repetitionPenalty_ == 1.0) return argmax(logits);
  std::vector<float> scores(logits.begin(), logits.end());
  if (repetitionPenalty_ != 1.0) penalise(scores, seen, repetitionPenalty_);
  return temperature_ == 0.0 ? argmax(scores) : draw(std::move(scores));
}

text::TokenId Sampler::draw(std::vector<float> scores) {
  for (float& score : scores) score = static_cast<float>(score / temperature_);
  const std::size_t limit = topK_ > 0 ? static_cast<std::size_t>(topK_) : scores.size();
  const std::vector<std::size_t> order = largest(scores, limit);

  std::vector<double> weights;
  weights.reserve(order.size());
  for (const std::size_t id : order) weights.push_back(std::exp(double(scores[id]) - double(scores[order.front()])));
  double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (topP_ < 1.0) {
    double kept = 0.0;
    std::size_t count = 0;
    while (count < weights.size() && kept < topP_ * total) kept += weights[count++];
    weights.resize(std::max<std::size_t>(count, 1));
    total = std::accumulate(weights.begin(), weights.end(), 0.0);
  }

  double left = uniform() * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return static_cast<text::TokenId>(order[i]);
  }
  return static_cast<text::TokenId>(order[weights.size() - 1]);
}

// 53 random bits: std::uniform_real_distribution may differ between standard libraries.
double Sampler::uniform() {
  return static_cast<double>(random_() >> 11) * 0x1p-53;
}

}  // namespace orthoscribe::engine
