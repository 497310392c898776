// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/bounded_json.h"

#include <string>

#include "core/base/error.h"

namespace orthoscribe::engine::http {

nlohmann::json parseBoundedJson(std::string_view text, const JsonLimits& limits) {
  using nlohmann::json;
  std::size_t values = 0;
  const auto check = [&](int depth, json::parse_event_t /*event*/, json& /*value*/) {
    if (depth > limits.maxDepth) {
      throw Error(ErrorCode::InvalidInput, "the body nests deeper than " + std::to_string(limits.maxDepth) + " levels",
                  "send a chat completion request");
    }
    if (++values > limits.maxValues) {
      throw Error(ErrorCode::InvalidInput, "the body has more than " + std::to_string(limits.maxValues) + " values",
                  "send a chat completion request");
    }
    return true;
  };
  try {
    return json::parse(text, check);
  } catch (const json::exception& error) {
    throw Error(ErrorCode::InvalidInput, std::string("the body is not JSON: ") + error.what(), "send UTF-8 encoded JSON");
  }
}

}  // namespace orthoscribe::engine::http
