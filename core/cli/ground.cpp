// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe ground: what a phrase means on a raster, as a layer of boxes.
#include "core/tasks/ground.h"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/cli/interrupt.h"
#include "core/cli/look_options.h"
#include "core/cli/raster_commands.h"

namespace orthoscribe::cli {
namespace {

struct GroundArguments {
  RasterArguments raster;
  ModelArguments model;
  std::string phrase;
  std::string output;
  std::string boxes;
  tasks::GroundOptions options;
  bool json = false;
};

std::filesystem::path outputOf(const GroundArguments& arguments) {
  if (!arguments.output.empty()) return arguments.output;
  return std::filesystem::path(arguments.raster.path).stem().string() + "_found.gpkg";
}

nlohmann::json jsonOf(const tasks::GroundReport& report, const geo::WrittenLayer& layer) {
  return {{"output", layer.path.string()},
          {"output_kept_elsewhere", layer.elsewhere},
          {"count", report.detections.size()},
          {"boxes", tasks::nameOf(report.shape)},
          {"text", report.look.text},
          {"dropped", report.dropped},
          {"cancelled", report.look.cancelled},
          {"area_px", {report.look.area.column, report.look.area.row, report.look.area.width, report.look.area.height}},
          {"picture_px", {report.look.pictureWidth, report.look.pictureHeight}},
          {"warnings", report.look.warnings}};
}

int run(GroundArguments& arguments) {
  const CancelToken interrupt = interruptToken();
  const std::filesystem::path output = outputOf(arguments);
  geo::vectorFormatOf(output);  // refused before the work, not after it
  geo::GdalRaster raster = openRaster(arguments.raster);
  arguments.options.look.area = areaOf(raster, arguments.raster);
  arguments.options.look.dialect = arguments.model.dialect;
  if (!arguments.boxes.empty()) {
    const bool upright = arguments.boxes == "upright" || arguments.boxes == "hbb";
    arguments.options.shape = upright ? tasks::BoxShape::Upright : tasks::BoxShape::Turned;
  }
  const std::unique_ptr<VisionLanguageModel> model = openModel(arguments.model);

  const tasks::GroundReport report = tasks::ground(raster, *model, arguments.phrase, arguments.options, interrupt);
  const geo::WrittenLayer layer =
      geo::writeDetections(output, report.detections, raster.crsWkt(), raster.hasGeotransform(),
                           tasks::provenanceOf(report, arguments.phrase, model->info(), raster.name()));
  if (arguments.json) {
    printJson(jsonOf(report, layer));
  } else {
    std::printf("%zu boxes for \"%s\": %s\n", report.detections.size(), arguments.phrase.c_str(), layer.path.c_str());
    std::fflush(stdout);
  }
  for (const std::string& warning : report.look.warnings) tell(warning);
  if (layer.elsewhere) {
    tell(output.string() + " cannot be written (" + layer.reason + "); the layer was kept in " + layer.path.string());
  }
  if (report.look.cancelled) {
    tell("cancelled; what was found until then is in " + layer.path.string());
    return kCancelled;
  }
  return layer.elsewhere ? kFailed : kDone;
}

}  // namespace

Run declareGround(CLI::App& app) {
  const auto arguments = std::make_shared<GroundArguments>();
  declareRaster(app, arguments->raster);
  declareModel(app, arguments->model);
  app.add_option("phrase", arguments->phrase, "What to find, for example \"the ship at the pier\"")
      ->required()
      ->type_name("PHRASE");
  app.add_option("-o,--output", arguments->output,
                 "Layer to write: .gpkg, .shp, .geojson or .fgb (default: RASTER_found.gpkg in the current folder)")
      ->type_name("FILE");
  tasks::GroundOptions& options = arguments->options;
  app.add_option("--boxes", arguments->boxes,
                 "upright (hbb): along the picture's sides; turned (obb): along the object (default: as the model usually draws)")
      ->check(CLI::IsMember({"upright", "turned", "hbb", "obb"}))
      ->type_name("SHAPE");
  declareLookOptions(app, options.look);
  app.add_flag("--json", arguments->json, "Print one JSON object for machines");
  return [arguments] { return run(*arguments); };
}

}  // namespace orthoscribe::cli
