// SPDX-License-Identifier: GPL-2.0-or-later
// One caption from the aspects' parts (rsmoe_and_metrics.md section 5.4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/aspect_report.h"

namespace orthoscribe::engine {

// What the fusing expert is asked; parts that were skipped or are empty are left out.
std::string fusionPrompt(std::string_view wish, const std::vector<AspectPart>& parts);
constexpr int kFusionTokens = 160;

// The sentences of all parts in their order; one whose words are nearly those of an earlier one (shared words above 0.8 of all
// words of the two) is dropped. Every sentence gets its full stop.
std::string joinedParts(const std::vector<AspectPart>& parts);

// The part with the highest mean log-probability that says something; nothing when none does.
std::optional<std::size_t> surestPart(const std::vector<AspectPart>& parts);

// Whether the text says a number, in digits or in words, that none of the parts says.
bool inventsNumbers(std::string_view text, const std::vector<AspectPart>& parts);

}  // namespace orthoscribe::engine
