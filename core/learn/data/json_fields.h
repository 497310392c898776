// SPDX-License-Identifier: GPL-2.0-or-later
// Members of JSON objects as sets have them, with the freedoms that they take: JsonField is the strict reader underneath. All
// throw Error{InvalidInput} naming the member, without the place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_text.h"

namespace orthoscribe::learn {

// Null when it is missing or null.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

// Empty when it is missing. Whole numbers are taken as texts too: sets number their samples.
std::string textAt(const nlohmann::json& object, const char* key);
// Throws when it is missing or empty.
std::string requiredText(const nlohmann::json& object, const char* key);
// One text or a list of them; empty when it is missing.
std::vector<std::string> textsAt(const nlohmann::json& object, const char* key);

// Throws when it is missing or no finite number.
double requiredNumber(const nlohmann::json& object, const char* key);
// 0 when it is missing.
int wholeNumberAt(const nlohmann::json& object, const char* key);
// Whether it is true or a number other than 0; `missing` when it is missing.
bool flagAt(const nlohmann::json& object, const char* key, bool missing);
// All numbers of a list, of lists in it too. `name` is said in messages.
std::vector<double> flatNumbers(const nlohmann::json& list, std::string_view name);

}  // namespace orthoscribe::learn
