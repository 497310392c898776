// SPDX-License-Identifier: GPL-2.0-or-later
// Notices an answer that goes round in circles, as models do that have lost their way.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

struct Repetition {
  std::size_t period = 0;  // tokens that come over and over
  std::size_t length = 0;  // tokens that are nothing else, the first time included
};

// Whether the last tokens are one run of tokens, at most 256 long, over and over without any change: at least four times, and at
// least 96 tokens together. A list of objects differs from line to line in its numbers and a word that is said some times is
// shorter, so neither is one. The shortest such run is told.
std::optional<Repetition> endlessRepetition(std::span<const text::TokenId> ids);

}  // namespace orthoscribe::engine
