// SPDX-License-Identifier: GPL-2.0-or-later
// Losses of a mixture of experts on a batch, and their gradients in the adapter (parity/README.md, mole_reference).
#pragma once

#include <filesystem>
#include <vector>

#include "core/engine/verify/fixtures.h"

namespace orthoscribe::learn::verify {

// A folder with an adapter, batch.safetensors and expected.json.
std::vector<engine::verify::FixtureCase> expertLossCasesIn(const std::filesystem::path& folder);

}  // namespace orthoscribe::learn::verify
