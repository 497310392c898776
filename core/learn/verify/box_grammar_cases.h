// SPDX-License-Identifier: GPL-2.0-or-later
// Answers with boxes in the families' grammars, well formed and not, against what a dialect must read in them (parity/README.md,
// box_grammar_vectors).
#pragma once

#include <filesystem>
#include <vector>

#include "core/engine/verify/fixtures.h"

namespace orthoscribe::learn::verify {

// A case for each JSON file with answers that lies directly in the folder. The grammar is told by a part of the file's name.
std::vector<engine::verify::FixtureCase> boxGrammarCasesIn(const std::filesystem::path& folder);

}  // namespace orthoscribe::learn::verify
