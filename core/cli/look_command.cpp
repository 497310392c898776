// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/look_command.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/routing_json.h"
#include "core/base/routing_recorder.h"
#include "core/cli/interrupt.h"
#include "core/cli/routing_report.h"

namespace orthoscribe::cli {

void declareLook(CLI::App& app, LookArguments& arguments) {
  declareRaster(app, arguments.raster);
  declareModel(app, arguments.model);
  app.add_option("--max-tokens", arguments.maxTokens, "Longest answer, in tokens")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-side", arguments.maxSidePx, "Longer side of the picture the model is shown; 0: what suits it")
      ->check(CLI::NonNegativeNumber)
      ->type_name("PIXELS")
      ->capture_default_str();
  app.add_flag("--routing", arguments.routing, "Tell which experts of a mixture were used");
  app.add_flag("--json", arguments.json, "Print one JSON object for machines");
}

int runLook(const LookArguments& arguments, const Look& look) {
  const CancelToken interrupt = interruptToken();
  geo::GdalRaster raster = openRaster(arguments.raster);
  tasks::LookOptions options;
  options.area = areaOf(raster, arguments.raster);
  options.maxSidePx = arguments.maxSidePx;
  options.dialect = arguments.model.dialect;
  options.maxNewTokens = arguments.maxTokens;
  const std::unique_ptr<VisionLanguageModel> model = openModel(arguments.model);

  const auto show = [](const GeneratedToken& token) {
    std::fputs(token.text.c_str(), stdout);
    std::fflush(stdout);
  };
  RoutingRecorder recorder(*model);
  VisionLanguageModel& asked = arguments.routing ? static_cast<VisionLanguageModel&>(recorder) : *model;
  const tasks::LookReport report = look(
      raster, asked, options, arguments.json ? VisionLanguageModel::OnToken() : VisionLanguageModel::OnToken(show), interrupt);
  if (arguments.json) {
    nlohmann::json answer = {{"text", report.text},
                             {"cancelled", report.cancelled},
                             {"model", model->info().name},
                             {"area_px", {report.area.column, report.area.row, report.area.width, report.area.height}},
                             {"picture_px", {report.pictureWidth, report.pictureHeight}},
                             {"tokens", {{"prompt", report.usage.promptTokens}, {"completion", report.usage.completionTokens}}}};
    if (arguments.routing) answer["routing"] = routingJson(recorder.statistics());
    printJson(answer);
  } else {
    std::fputc('\n', stdout);
    if (arguments.routing)
      for (const std::string& line : routingLines(recorder.statistics())) std::printf("%s\n", line.c_str());
  }
  if (!report.cancelled) return kDone;
  tell("cancelled: the answer is not complete");
  return kCancelled;
}

}  // namespace orthoscribe::cli
