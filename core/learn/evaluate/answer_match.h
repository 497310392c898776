// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a short answer is the expected one, word for word but for case, spaces and the full stop at its end.
#pragma once

#include <string>
#include <string_view>

namespace orthoscribe::learn {

// In lower case (Unicode), without space around it, runs of white space as one space, without . ! ? , ; : at its end and the
// space before these (parity/README.md, vqa_exact_match.json). UTF-8; what is none is repaired.
std::string normalisedAnswer(std::string_view text);

bool answersMatch(std::string_view given, std::string_view expected);

}  // namespace orthoscribe::learn
