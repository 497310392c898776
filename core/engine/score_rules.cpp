// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/score_rules.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <unordered_set>

namespace orthoscribe::engine {
namespace {

bool inside(std::span<const float> scores, text::TokenId id) {
  return id >= 0 && static_cast<std::size_t>(id) < scores.size();
}

}  // namespace

void ScoreRules::apply(std::span<float> scores, std::span<const text::TokenId> seen) const {
  if (repetitionPenalty_ != 1.0) penaliseSeen(scores, seen);
  if (noRepeatNgram_ > 0) forbidRepeatedRuns(scores, seen);
}

void ScoreRules::penaliseSeen(std::span<float> scores, std::span<const text::TokenId> seen) const {
  for (const text::TokenId id : std::unordered_set<text::TokenId>(seen.begin(), seen.end())) {
    if (!inside(scores, id)) continue;
    float& score = scores[static_cast<std::size_t>(id)];
    score = static_cast<float>(score < 0 ? score * repetitionPenalty_ : score / repetitionPenalty_);
  }
}

void ScoreRules::forbidRepeatedRuns(std::span<float> scores, std::span<const text::TokenId> seen) const {
  const auto before = static_cast<std::size_t>(noRepeatNgram_) - 1;
  const std::span<const text::TokenId> last = seen.last(std::min(before, seen.size()));
  if (last.size() < before) return;
  for (std::size_t next = before; next < seen.size(); ++next) {
    if (inside(scores, seen[next]) && std::ranges::equal(seen.subspan(next - before, before), last))
      scores[static_cast<std::size_t>(seen[next])] = -std::numeric_limits<float>::infinity();
  }
}

}  // namespace orthoscribe::engine
