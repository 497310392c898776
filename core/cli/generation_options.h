// SPDX-License-Identifier: GPL-2.0-or-later
// How a model is to generate its answer, as options of the command line.
#pragma once

#include <CLI/CLI.hpp>

#include "core/base/vision_language_model.h"

namespace orthoscribe::cli {

// --temperature, --top-p, --top-k, --min-p, --repetition-penalty, --beams, --length-penalty, --seed and --allow-repetition. What
// is not given is the model's own. Their ranges are checked while the command line is read. --max-tokens is each command's own.
void declareGeneration(CLI::App& app, GenerationOptions& options);

}  // namespace orthoscribe::cli
