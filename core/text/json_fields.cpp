// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/json_fields.h"

#include "core/base/files.h"

namespace orthoscribe::text {

nlohmann::json readJsonFile(const std::filesystem::path& path) {
  try {
    return nlohmann::json::parse(readTextFile(path));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::InvalidInput, path.string() + ": not JSON: " + error.what());
  }
}

}  // namespace orthoscribe::text
