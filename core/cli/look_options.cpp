// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/look_options.h"

#include "core/cli/generation_options.h"

namespace orthoscribe::cli {

void declareLookOptions(CLI::App& app, tasks::LookOptions& look) {
  app.add_option("--max-tokens", look.maxNewTokens, "Longest answer, in tokens")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-side", look.maxSidePx, "Longer side of the picture the model is shown; 0: what suits it")
      ->check(CLI::NonNegativeNumber)
      ->type_name("PIXELS")
      ->capture_default_str();
  declareGeneration(app, look.generation);
}

}  // namespace orthoscribe::cli
