// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe ask: an answer to a question about a raster, or a part of it, at one date or two.
#include "core/cli/look_command.h"
#include "core/tasks/change.h"
#include "core/tasks/zoom.h"

namespace orthoscribe::cli {
namespace {

struct AskArguments {
  LookArguments look;
  std::string question;
  std::string before;
  std::string zoom = "auto";
  int zoomSteps = tasks::ZoomOptions().maxSteps;
};

tasks::ZoomOptions zoomOf(const AskArguments& arguments) {
  tasks::ZoomOptions zoom;
  zoom.mode = arguments.zoom == "on"    ? tasks::ZoomMode::On
              : arguments.zoom == "off" ? tasks::ZoomMode::Off
                                        : tasks::ZoomMode::Auto;
  zoom.maxSteps = arguments.zoomSteps;
  zoom.onStep = [](const tasks::ZoomStep& step) {
    tell("looking closer at pixels " + std::to_string(step.source.column) + " " + std::to_string(step.source.row) + ", " +
         std::to_string(step.source.width) + " x " + std::to_string(step.source.height));
  };
  return zoom;
}

int run(const AskArguments& arguments) {
  return runLook(arguments.look, [&](geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                     const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
    if (arguments.before.empty()) {
      return tasks::askZooming(raster, model, arguments.question, options, zoomOf(arguments), onToken, cancel);
    }
    refuseEmpty(arguments.question);
    geo::GdalRaster before = openBefore(arguments.look, arguments.before);
    return tasks::askChange(raster, before, model, arguments.question, options, onToken, cancel);
  });
}

}  // namespace

Run declareAsk(CLI::App& app) {
  const auto arguments = std::make_shared<AskArguments>();
  declareLook(app, arguments->look);
  app.add_option("question", arguments->question, "What to ask")->required()->type_name("QUESTION");
  CLI::Option* before = declareBefore(app, arguments->before);
  app.add_option(
         "--zoom", arguments->zoom,
         "Let the model ask to see parts at full resolution: off, on, or auto where the picture shows less than the raster "
         "holds (default: auto; --zoom alone: on)")
      ->expected(0, 1)
      ->default_str("on")
      ->check(CLI::IsMember({"off", "auto", "on"}))
      ->type_name("MODE")
      ->excludes(before);
  app.add_option("--zoom-steps", arguments->zoomSteps, "Parts that are shown at most")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  return [arguments] { return run(*arguments); };
}

}  // namespace orthoscribe::cli
