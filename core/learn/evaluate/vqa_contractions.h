// SPDX-License-Identifier: GPL-2.0-or-later
// The table of contractions that the official VQA evaluation repairs (rsmoe_and_metrics.md section 6.8).
#pragma once

#include <string_view>

namespace orthoscribe::learn {

// "dont" as "don't"; a word that the table does not hold as it is.
std::string_view withContraction(std::string_view word);

}  // namespace orthoscribe::learn
