// SPDX-License-Identifier: GPL-2.0-or-later
// The fingerprint of a model: which weights, tokenizer and settings gave a result.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orthoscribe::engine {

// SHA-256, in hexadecimal, over the names and SHA-256 of config.json, rsmoe.json, *.safetensors, tokenizer* and adapter* of the
// folder and then of each adapter folder, by name. Hashes of large files are remembered in the user's cache folder as long as
// size and modification time stay. Throws Error{NotFound or Io}.
std::string contentHash(const std::filesystem::path& model, const std::vector<std::filesystem::path>& adapters = {});

}  // namespace orthoscribe::engine
