// SPDX-License-Identifier: GPL-2.0-or-later
// Captions as texts become the tokens that caption metrics count: "ptb_lite", after the Penn Treebank tokenizer that
// coco-caption runs (rsmoe_and_metrics.md section 6.1).
#pragma once

#include <string>
#include <string_view>

namespace orthoscribe::learn {

inline constexpr std::string_view kCaptionTokens = "ptb_lite";

// In lower case; sentence punctuation and quotes split off and dropped, numbers with inner . , : and words with hyphens whole,
// clitics split ("don't": "do n't"), "cannot" as "can not", other symbols by themselves; one space between tokens.
std::string captionTokens(std::string_view text);

}  // namespace orthoscribe::learn
