// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe train --raster: an expert from one's own layer.
#pragma once

#include "core/cli/command.h"

namespace orthoscribe::cli {

#ifdef ORTHOSCRIBE_WITH_GEO
// Declares the options --raster, --labels ... on the subcommand `train` and returns what to run: `other` unless --raster is
// given.
Run withLayerTraining(CLI::App& app, Run other);
#else
inline Run withLayerTraining(CLI::App&, Run other) {
  return other;
}
#endif

}  // namespace orthoscribe::cli
