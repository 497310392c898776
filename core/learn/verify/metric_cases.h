// SPDX-License-Identifier: GPL-2.0-or-later
// Detection, overlap, caption and answer metrics against vectors of the references (parity/README.md, metrics_vectors).
#pragma once

#include <filesystem>
#include <vector>

#include "core/engine/verify/fixtures.h"

namespace orthoscribe::learn::verify {

// A case for each JSON file with metrics that lies directly in the folder.
std::vector<engine::verify::FixtureCase> metricCasesIn(const std::filesystem::path& folder);

}  // namespace orthoscribe::learn::verify
