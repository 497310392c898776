// SPDX-License-Identifier: GPL-2.0-or-later
// What the folders that a user names amount to: a base model, adapters, and perhaps a set of aspect experts.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/aspects/aspect_set.h"

namespace orthoscribe::engine {

struct ModelSource {
  std::filesystem::path base;                   // folder with config.json
  std::vector<std::filesystem::path> adapters;  // those that are no set of aspects
  std::optional<AspectSet> aspects;
  std::string name;  // of the folder that was opened; empty: the base's own

  // All folders besides the base from which something comes.
  std::vector<std::filesystem::path> besides;
};

// model: a model folder, in which a set of aspects may lie, or the folder of a set that names its base. One of the adapters may
// be a set instead. Throws Error{NotFound} for a folder with neither, Error{InvalidInput} for two sets, and what readAspectSet
// throws.
ModelSource findModelSource(const std::filesystem::path& model, const std::vector<std::filesystem::path>& adapters);

}  // namespace orthoscribe::engine
