// SPDX-License-Identifier: GPL-2.0-or-later
// Tables of facts that are JSON files.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {

// An object; with `member`, one that holds an object by that name. Throws Error{NotFound or Io}, Error{InvalidInput} naming the
// file.
inline nlohmann::json readJsonTable(const std::filesystem::path& path, const char* member = nullptr) {
  nlohmann::json document = nlohmann::json::parse(readTextFile(path), nullptr, false);
  if (!document.is_object()) throw Error(ErrorCode::InvalidInput, path.string() + ": is no JSON object");
  if (member != nullptr && (!document.contains(member) || !document[member].is_object()))
    throw Error(ErrorCode::InvalidInput, path.string() + ": has no object \"" + member + "\"");
  return document;
}

// Throws Error{InvalidInput} naming file and field.
inline std::string tableText(const nlohmann::json& entry, const char* field, const std::filesystem::path& path) {
  if (!entry.is_object() || !entry.contains(field) || !entry[field].is_string())
    throw Error(ErrorCode::InvalidInput, path.string() + ": an entry has no text \"" + std::string(field) + "\"");
  return entry[field].get<std::string>();
}

}  // namespace orthoscribe::learn
