// SPDX-License-Identifier: GPL-2.0-or-later
// JSON that others wrote, read whole.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

namespace orthoscribe {

// Deeper nesting is refused: walking over it would run out of stack.
inline constexpr int kDeepestJson = 256;

// Throws Error{InvalidInput} "not valid JSON: ..." with what the parser says, without the place.
nlohmann::json parseJson(std::string_view text);

// Throws Error{NotFound, Io or InvalidInput} naming the file.
nlohmann::json readJsonFile(const std::filesystem::path& path);

}  // namespace orthoscribe
