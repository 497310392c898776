// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/repetition.h"

#include <algorithm>

namespace orthoscribe::engine {
namespace {

constexpr std::size_t kLongestPeriod = 256;
constexpr std::size_t kFewestTimes = 4;
constexpr std::size_t kFewestTokens = 96;

}  // namespace

std::optional<Repetition> endlessRepetition(std::span<const text::TokenId> ids) {
  for (std::size_t period = 1; period <= std::min(kLongestPeriod, ids.size() / kFewestTimes); ++period) {
    // Mostly ends at the first comparison, so this costs next to nothing a token.
    std::size_t length = period;
    while (length < ids.size() && ids[ids.size() - 1 - length] == ids[ids.size() - 1 - length + period]) ++length;
    if (length >= std::max(kFewestTokens, kFewestTimes * period)) return Repetition{.period = period, .length = length};
  }
  return std::nullopt;
}

}  // namespace orthoscribe::engine
