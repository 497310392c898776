// SPDX-License-Identifier: GPL-2.0-or-later
// Lines of fields between blanks, as label files of boxes have them.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

std::vector<std::string_view> fieldsOf(std::string_view line);

bool isNumber(std::string_view field);
// Throws Error{InvalidInput} naming the field when it is none, or above a million.
double requiredNumber(std::string_view field);

// Whether the first line of a text file, or of the first one below a folder that has any, that is neither header nor blank has
// such fields. False for what is no text file.
bool firstLabelLine(const std::filesystem::path& source,
                    const std::function<bool(const std::vector<std::string_view>& fields)>& wanted);

}  // namespace orthoscribe::learn
