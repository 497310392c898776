// SPDX-License-Identifier: GPL-2.0-or-later
// Which data sets a stage reads and how often: "name", "name*3" (three times), "name%10" (a tenth, drawn once without
// replacement), "all" with either suffix (reference/rscovlm.md 2.2).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

struct MixEntry {
  std::string name;
  int repeats = 1;
  double percent = 100.0;  // 0 < percent <= 100
  bool operator==(const MixEntry&) const = default;
};

// One name with at most one suffix. Throws Error{InvalidInput} quoting the text: no name, "*0", "%0", "%101", both suffixes.
MixEntry parseMixEntry(std::string_view text);

// Every item in order, with "all" replaced by every known name under its suffix. Throws Error{InvalidInput}: an empty list, or an
// unknown name, with the known ones listed.
std::vector<MixEntry> parseMix(std::span<const std::string> items, std::span<const std::string> known);

// How many samples an entry gives of a set of `size`: floor(size * percent / 100) * repeats.
std::int64_t samplesOf(const MixEntry& entry, std::int64_t size);

}  // namespace orthoscribe::learn
