// SPDX-License-Identifier: GPL-2.0-or-later
// The list of subcommands. Adding one: a file of its own, a declaration and a line here.
#pragma once

#include <vector>

#include "core/cli/command.h"

namespace orthoscribe::cli {

// In the order the help shows them.
const std::vector<Command>& commands();

}  // namespace orthoscribe::cli
