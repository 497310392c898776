// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/json_text.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe {
namespace {

// Brackets that are open at once, at most; those in texts do not count.
int depthOf(std::string_view text) {
  int deepest = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char character = text[at];
    if (quoted && character == '\\') {
      ++at;
    } else if (character == '"') {
      quoted = !quoted;
    } else if (!quoted && (character == '[' || character == '{')) {
      deepest = std::max(deepest, ++depth);
    } else if (!quoted && (character == ']' || character == '}')) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

nlohmann::json parseJson(std::string_view text) {
  if (depthOf(text) > kDeepestJson)
    throw Error(ErrorCode::InvalidInput, "not valid JSON: it nests deeper than " + std::to_string(kDeepestJson) + " levels");
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::InvalidInput, std::string("not valid JSON: ") + error.what());
  }
}

nlohmann::json readJsonFile(const std::filesystem::path& path) {
  const std::string text = readTextFile(path);
  try {
    return parseJson(text);
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.message());
  }
}

}  // namespace orthoscribe
