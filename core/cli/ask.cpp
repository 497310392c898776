// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe ask: an answer to a question about a raster, or a part of it.
#include "core/cli/look_command.h"

namespace orthoscribe::cli {

Run declareAsk(CLI::App& app) {
  const auto arguments = std::make_shared<LookArguments>();
  const auto question = std::make_shared<std::string>();
  declareLook(app, *arguments);
  app.add_option("question", *question, "What to ask")->required()->type_name("QUESTION");
  return [arguments, question] {
    return runLook(*arguments, [&](geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                   const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
      return tasks::ask(raster, model, *question, options, onToken, cancel);
    });
  };
}

}  // namespace orthoscribe::cli
