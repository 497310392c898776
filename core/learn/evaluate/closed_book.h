// SPDX-License-Identifier: GPL-2.0-or-later
// Whether an answer to a closed-book question is right: normalised exact match (skynova.md section 6; the benchmark's README.md).
#pragma once

#include <string>
#include <string_view>

#include "core/learn/benchmark/benchmark_question.h"

namespace orthoscribe::learn {

// In lower case, without articles and punctuation (points within numbers stay), '/', '-' and '_' as blanks, single blanks.
std::string closedBookForm(std::string_view text);

// Choices by letter ("B", "(b)", "B) red") or text; yes and no also as true and false; numbers within 1 %, in the expected unit,
// one that converts into it, or none; lists in any order; all else equal in normal form to the answer or an alias.
bool closedBookRight(const BenchmarkQuestion& question, std::string_view answer);

}  // namespace orthoscribe::learn
