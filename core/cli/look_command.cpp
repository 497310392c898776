// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/look_command.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/aspect_json.h"
#include "core/base/error.h"
#include "core/base/routing_json.h"
#include "core/base/routing_recorder.h"
#include "core/cli/interrupt.h"
#include "core/cli/look_options.h"
#include "core/cli/routing_report.h"

namespace orthoscribe::cli {
namespace {

nlohmann::json stepsOf(const tasks::LookReport& report) {
  nlohmann::json steps = nlohmann::json::array();
  for (const tasks::ZoomStep& step : report.steps) {
    nlohmann::json outline = nlohmann::json::array();
    for (const geo::Point& corner : step.map) outline.push_back({corner.x, corner.y});
    steps.push_back({{"area_px", {step.source.column, step.source.row, step.source.width, step.source.height}},
                     {"picture_px", {step.pictureWidth, step.pictureHeight}},
                     {"map", std::move(outline)}});
  }
  return steps;
}

void printAspects(const AspectReport& report) {
  for (const AspectPart& part : report.parts)
    std::printf("\n%s: %s\n", part.name.c_str(), part.skipped ? "(does not concern this image)" : part.text.c_str());
  if (report.fusionFallback) tell("the fused caption said what no aspect says, so the aspects were joined instead");
}

}  // namespace

void declareLook(CLI::App& app, LookArguments& arguments) {
  declareRaster(app, arguments.raster);
  declareModel(app, arguments.model);
  declareLookOptions(app, arguments.look);
  app.add_flag("--routing", arguments.routing, "Tell which experts of a mixture were used");
  app.add_flag("--json", arguments.json, "Print one JSON object for machines");
}

CLI::Option* declareBefore(CLI::App& app, std::string& before) {
  return app.add_option("--before", before, "Compare with this raster of the same place at an earlier date")->type_name("RASTER");
}

geo::GdalRaster openBefore(const LookArguments& arguments, const std::string& before) {
  RasterArguments raster;
  raster.path = before;
  raster.bands = arguments.raster.bands;
  return openRaster(raster);
}

void refuseEmpty(const std::string& question) {
  if (question.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorCode::InvalidInput, "the question is empty");
  }
}

int runLook(const LookArguments& arguments, const Look& look) {
  const CancelToken interrupt = interruptToken();
  geo::GdalRaster raster = openRaster(arguments.raster);
  tasks::LookOptions options = arguments.look;
  options.area = areaOf(raster, arguments.raster);
  options.dialect = arguments.model.dialect;
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
                             {"zoom_steps", stepsOf(report)},
                             {"warnings", report.warnings},
                             {"tokens", {{"prompt", report.usage.promptTokens}, {"completion", report.usage.completionTokens}}}};
    if (report.aspects) answer["aspects"] = aspectJson(*report.aspects);
    if (arguments.routing) answer["routing"] = routingJson(recorder.statistics());
    printJson(answer);
  } else {
    std::fputc('\n', stdout);
    if (report.aspects) printAspects(*report.aspects);
    if (arguments.routing)
      for (const std::string& line : routingLines(recorder.statistics())) std::printf("%s\n", line.c_str());
  }
  for (const std::string& warning : report.warnings) tell(warning);
  if (!report.cancelled) return kDone;
  tell("cancelled: the answer is not complete");
  return kCancelled;
}

}  // namespace orthoscribe::cli
