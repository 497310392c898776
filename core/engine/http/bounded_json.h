// SPDX-License-Identifier: GPL-2.0-or-later
// JSON from strangers: refused when it nests or branches more than a chat does, before it has taken much memory.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

namespace orthoscribe::engine::http {

struct JsonLimits {
  int maxDepth = 32;
  std::size_t maxValues = 100'000;  // objects, arrays, keys and plain values together
};

// Throws Error{InvalidInput} saying where the text stops being JSON, or which limit it passes.
nlohmann::json parseBoundedJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace orthoscribe::engine::http
