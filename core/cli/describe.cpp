// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe describe: what a raster, or a part of it, shows.
#include "core/cli/look_command.h"

namespace orthoscribe::cli {

Run declareDescribe(CLI::App& app) {
  const auto arguments = std::make_shared<LookArguments>();
  declareLook(app, *arguments);
  return [arguments] { return runLook(*arguments, tasks::describe); };
}

}  // namespace orthoscribe::cli
