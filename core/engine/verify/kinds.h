// SPDX-License-Identifier: GPL-2.0-or-later
// The kinds of fixtures, one file each. Each function gives the cases that lie directly in a folder.
#pragma once

#include <filesystem>
#include <vector>

#include "core/engine/verify/fixtures.h"

namespace orthoscribe::engine::verify {

// A case folder below a checkpoint: inputs.safetensors, outputs.safetensors, expected.json.
std::vector<FixtureCase> modelCasesIn(const std::filesystem::path& folder);
// An adapter with the outputs of a base model under it, and the same adapter under MixLoRA's names.
std::vector<FixtureCase> expertCasesIn(const std::filesystem::path& folder);
// vectors.json beside the files of a tokenizer.
std::vector<FixtureCase> tokenizerVectorsIn(const std::filesystem::path& folder);
// JSON files with conversations and their rendered text; a case for each template.
std::vector<FixtureCase> chatTemplatesIn(const std::filesystem::path& folder);
// JSON files with images, their preparation and the result; a case for each.
std::vector<FixtureCase> preprocessVectorsIn(const std::filesystem::path& folder);

// What lies directly in a folder, looks like a fixture and is in none of the cases that were found there: named, and never held.
std::vector<FixtureCase> unsupportedCasesIn(const std::filesystem::path& folder, const std::vector<FixtureCase>& found);

}  // namespace orthoscribe::engine::verify
