// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe describe: what a raster, or a part of it, shows; or what has changed since another.
#include "core/cli/look_command.h"
#include "core/tasks/change.h"

namespace orthoscribe::cli {

Run declareDescribe(CLI::App& app) {
  const auto arguments = std::make_shared<LookArguments>();
  const auto earlier = std::make_shared<std::string>();
  declareLook(app, *arguments);
  CLI::Option* comparison = declareBefore(app, *earlier);
  app.add_flag(
         "--aspects", arguments->look.aspects,
         "Describe theme, objects and their relations one by one, each by an expert of its own where the model has them, and "
         "make one caption of them")
      ->excludes(comparison);
  return [arguments, earlier] {
    if (earlier->empty()) return runLook(*arguments, tasks::describe);
    return runLook(*arguments, [&](geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                   const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
      geo::GdalRaster before = openBefore(*arguments, *earlier);
      return tasks::askChange(raster, before, model, {}, options, onToken, cancel);
    });
  };
}

}  // namespace orthoscribe::cli
