// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe classify: which of some classes a raster, or a part of it, shows.
#include "core/tasks/classify.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/cli/interrupt.h"
#include "core/cli/look_options.h"
#include "core/cli/raster_commands.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/scene_classes.h"

namespace orthoscribe::cli {
namespace {

struct ClassifyArguments {
  RasterArguments raster;
  ModelArguments model;
  std::string classes;
  tasks::ClassifyOptions options;
  bool json = false;
};

nlohmann::json jsonOf(const tasks::ClassifyReport& report, const std::string& model) {
  nlohmann::json json = {
      {"class", nullptr},
      {"score", nullptr},
      {"text", report.look.text},
      {"classes", report.classes},
      {"cancelled", report.look.cancelled},
      {"model", model},
      {"area_px", {report.look.area.column, report.look.area.row, report.look.area.width, report.look.area.height}},
      {"picture_px", {report.look.pictureWidth, report.look.pictureHeight}},
      {"warnings", report.look.warnings}};
  if (!report.chosen.empty()) json["class"] = report.chosen;
  if (report.score) json["score"] = *report.score;
  return json;
}

int run(ClassifyArguments& arguments) {
  const CancelToken interrupt = interruptToken();
  geo::GdalRaster raster = openRaster(arguments.raster);
  tasks::LookOptions& look = arguments.options.look;
  look.area = areaOf(raster, arguments.raster);
  look.dialect = arguments.model.dialect;
  arguments.options.classes = tasks::classNames(arguments.classes);
  if (!arguments.classes.empty() && arguments.options.classes.empty()) {
    throw Error(ErrorCode::InvalidInput, "no class was named", "name what to choose from, for example --classes forest,harbor");
  }
  const std::unique_ptr<VisionLanguageModel> model = openModel(arguments.model);

  const tasks::ClassifyReport report = tasks::classify(raster, *model, arguments.options, interrupt);
  if (arguments.json) {
    printJson(jsonOf(report, model->info().name));
  } else if (!report.chosen.empty()) {
    std::printf("%s\n", report.chosen.c_str());
    std::fflush(stdout);
  }
  for (const std::string& warning : report.look.warnings) tell(warning);
  if (report.look.cancelled) {
    tell("cancelled: the answer is not complete");
    return kCancelled;
  }
  return report.chosen.empty() ? kFailed : kDone;
}

std::string listNames() {
  std::vector<std::string> names;
  for (const std::string_view name : tasks::sceneListNames()) names.emplace_back(name);
  return tasks::joined(names, ", ");
}

}  // namespace

Run declareClassify(CLI::App& app) {
  const auto arguments = std::make_shared<ClassifyArguments>();
  declareRaster(app, arguments->raster);
  declareModel(app, arguments->model);
  tasks::ClassifyOptions& options = arguments->options;
  options.look.maxNewTokens = 32;
  CLI::Option* classes =
      app.add_option("--classes", arguments->classes, "Names to choose from, with commas between")->type_name("A,B,...");
  app.add_option("--class-list", options.list,
                 "A data set's classes to choose from: " + listNames() + " (default: the one that suits the model)")
      ->excludes(classes)
      ->type_name("NAME");
  declareLookOptions(app, options.look);
  app.add_flag("--json", arguments->json, "Print one JSON object for machines");
  return [arguments] { return run(*arguments); };
}

}  // namespace orthoscribe::cli
