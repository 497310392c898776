// SPDX-License-Identifier: GPL-2.0-or-later
// Captions' files: one JSON object a line with "image", "caption", "detail", "attributes" (0 or 1, missing: unknown) and
// "counts".
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/learn/data/sample.h"

namespace orthoscribe::learn {

struct Caption {
  std::string caption;
  std::string detail;
  std::array<Truth, kAttributeCount> attributes = Sample::unknownAttributes();
  std::map<std::string, int> counts;
};

// By "image". All *.jsonl of the folder; an absent folder gives nothing. Throws Error{InvalidInput} naming file and line.
std::map<std::string, Caption> readCaptions(const std::filesystem::path& folder);

}  // namespace orthoscribe::learn
