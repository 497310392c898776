// SPDX-License-Identifier: GPL-2.0-or-later
// What the command line tells of adapters.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace orthoscribe::cli {

// Of an adapter, or of a set of experts for aspects. Throws as model::summariseAdapter and engine::readAspectSet.
nlohmann::json adapterJson(const std::filesystem::path& folder);

// Lines for people.
std::vector<std::string> adapterLines(const nlohmann::json& adapter);

}  // namespace orthoscribe::cli
