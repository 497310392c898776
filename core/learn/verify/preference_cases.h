// SPDX-License-Identifier: GPL-2.0-or-later
// Losses of preference optimisation on given log-probabilities, and their gradients (parity/README.md, preference).
#pragma once

#include <filesystem>
#include <vector>

#include "core/engine/verify/fixtures.h"

namespace orthoscribe::learn::verify {

// A folder with logps.safetensors and expected.json; a case for each setting.
std::vector<engine::verify::FixtureCase> preferenceCasesIn(const std::filesystem::path& folder);

}  // namespace orthoscribe::learn::verify
