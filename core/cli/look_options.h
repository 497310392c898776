// SPDX-License-Identifier: GPL-2.0-or-later
// The options of every command that shows the model one picture and takes one answer.
#pragma once

#include <CLI/CLI.hpp>

#include "core/tasks/describe.h"

namespace orthoscribe::cli {

// --max-tokens, --max-side and those of declareGeneration(), with what `look` holds as defaults; it is kept by reference.
void declareLookOptions(CLI::App& app, tasks::LookOptions& look);

}  // namespace orthoscribe::cli
