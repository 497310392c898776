// SPDX-License-Identifier: GPL-2.0-or-later
// What was probably meant by a name that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace orthoscribe {

// The known name with the fewest letters to insert, delete or change (Levenshtein's distance), of equal ones the first; without
// case. Empty when none is known.
std::string nearestName(std::string_view name, std::span<const std::string> known);

}  // namespace orthoscribe
