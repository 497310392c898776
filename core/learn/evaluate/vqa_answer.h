// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a free answer to a question about a picture is the expected one (rsmoe_and_metrics.md sections 6.7 and 6.8).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orthoscribe::learn {

// The official VQA evaluation's normal form: punctuation, number words to ten, articles, contractions.
std::string vqaNormalised(std::string_view text);

// The first whole number: digits ("3,000"), or a word up to twenty; none and no are 0.
std::optional<int> firstNumber(std::string_view text);

struct VqaVerdict {
  bool right = false;
  bool parsed = true;                            // false: the answer could not be read as the truth's kind; counts as wrong
  std::optional<int> difference = std::nullopt;  // of counts: answer minus truth
};

// Read by the kind of truth: yes or no; rural or urban; a number; RSVQA's intervals ("between 10 and 100", "more than 1000m2"),
// into which a plain number is put; all else must be equal in normal form.
VqaVerdict judgeVqa(std::string_view answer, std::string_view truth);

}  // namespace orthoscribe::learn
