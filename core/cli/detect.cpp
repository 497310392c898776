// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe detect: objects on a raster, as a layer of rotated boxes.
#include "core/tasks/detect.h"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <format>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/cli/interrupt.h"
#include "core/cli/raster_commands.h"
#include "core/cli/run_statistics.h"
#include "core/cli/terminal_progress.h"
#include "core/geo/layer_writer.h"
#include "core/geo/polygon_file.h"
#include "core/tasks/collected_detections.h"
#include "core/tasks/scene_classes.h"

namespace orthoscribe::cli {
namespace {

struct DetectArguments {
  RasterArguments raster;
  ModelArguments model;
  std::string classList;
  std::vector<std::string> classes;
  std::string output;
  std::string polygons;
  std::optional<double> gsdM;
  tasks::DetectOptions options;
  bool json = false;
  bool statistics = false;
};

std::vector<std::string> classesOf(const DetectArguments& arguments) {
  std::vector<std::string> classes = arguments.classes;
  for (std::string& name : tasks::classNames(arguments.classList)) classes.push_back(std::move(name));
  std::erase_if(classes, [](const std::string& name) { return name.find_first_not_of(" \t") == std::string::npos; });
  if (classes.empty()) {
    throw Error(ErrorCode::InvalidInput, "no class was named", "name what to look for, for example --classes airplane,ship");
  }
  return classes;
}

std::filesystem::path outputOf(const DetectArguments& arguments) {
  if (!arguments.output.empty()) return arguments.output;
  return std::filesystem::path(arguments.raster.path).stem().string() + "_detections.gpkg";
}

// A run with what it found so far: the layer is written however it ends.
struct Outcome {
  tasks::DetectReport report;
  std::vector<geo::Detection> detections;
  std::exception_ptr failure;
};

Outcome runDetect(geo::GdalRaster& raster, VisionLanguageModel& model, const tasks::DetectOptions& options,
                  const CancelToken& interrupt) {
  Outcome outcome;
  std::optional<TerminalProgress> progress(std::in_place, "Detecting");
  tasks::CollectedDetections collected;
  std::size_t windows = 0;
  std::size_t told = 0;
  tasks::DetectSink sink;
  sink.onBegin = [&](const tasks::DetectReport& plan) {
    outcome.report = plan;
    for (const std::string& warning : plan.warnings) tell(warning);
    told = plan.warnings.size();
  };
  sink.onTile = [&](const auto& found, const auto& replaced) {
    collected.add(found, replaced);
    ++windows;
  };
  sink.onProgress = [&](const Progress& now) { progress->show(now); };
  try {
    outcome.report = tasks::detect(raster, model, options, sink, interrupt);
  } catch (...) {
    if (windows == 0) throw;
    outcome.failure = std::current_exception();
    outcome.report.tilesAsked = static_cast<int>(windows);
  }
  outcome.detections = collected.remaining();
  progress.reset();  // ends the bar before other lines
  for (std::size_t i = told; i < outcome.report.warnings.size(); ++i) tell(outcome.report.warnings[i]);
  return outcome;
}

std::map<std::string, int> countsOf(const std::vector<geo::Detection>& detections) {
  std::map<std::string, int> counts;
  for (const geo::Detection& detection : detections) ++counts[detection.label];
  return counts;
}

nlohmann::json statisticsOf(const RunStatistics& statistics, const TimedModel& model, const tasks::DetectReport& report) {
  const double seconds = statistics.seconds();
  nlohmann::json json = {{"seconds", seconds},
                         {"windows_per_second", seconds > 0 ? report.tilesAsked / seconds : 0.0},
                         {"model_share", seconds > 0 ? model.seconds() / seconds : 0.0},
                         {"tokens", model.tokens()},
                         {"peak_memory_mb", nullptr}};
  if (const auto peak = statistics.peakMegabytes()) json["peak_memory_mb"] = *peak;
  return json;
}

void printText(const Outcome& outcome, const geo::WrittenLayer& layer, const nlohmann::json& statistics) {
  std::string counts;
  for (const auto& [label, count] : countsOf(outcome.detections)) {
    counts += std::format("{}{} {}", counts.empty() ? "" : ", ", label, count);
  }
  std::printf("%zu objects%s in %d of %d windows: %s\n", outcome.detections.size(),
              counts.empty() ? "" : (" (" + counts + ")").c_str(), outcome.report.tilesAsked, outcome.report.tilesTotal,
              layer.path.c_str());
  if (!statistics.is_null()) {
    const auto& peak = statistics["peak_memory_mb"];
    std::printf(
        "%.1f s, %.2f windows a second, %.0f %% of the time in the model, %lld tokens, peak memory above the loaded model %s\n",
        statistics["seconds"].get<double>(), statistics["windows_per_second"].get<double>(),
        100.0 * statistics["model_share"].get<double>(), statistics["tokens"].get<long long>(),
        peak.is_null() ? "unknown" : std::format("{:.0f} MB", peak.get<double>()).c_str());
  }
  std::fflush(stdout);
}

nlohmann::json jsonOf(const Outcome& outcome, const geo::WrittenLayer& layer, const nlohmann::json& statistics) {
  const tasks::DetectReport& report = outcome.report;
  nlohmann::json json = {{"output", layer.path.string()},
                         {"output_kept_elsewhere", layer.elsewhere},
                         {"count", outcome.detections.size()},
                         {"classes", countsOf(outcome.detections)},
                         {"windows",
                          {{"total", report.tilesTotal},
                           {"asked", report.tilesAsked},
                           {"empty", report.tilesEmpty},
                           {"unreadable", report.tilesFailed}}},
                         {"dropped", report.dropped},
                         {"cancelled", report.cancelled},
                         {"complete", !report.cancelled && !outcome.failure},
                         {"warnings", report.warnings}};
  if (!statistics.is_null()) json["statistics"] = statistics;
  return json;
}

int run(DetectArguments& arguments) {
  const CancelToken interrupt = interruptToken();
  tasks::DetectOptions& options = arguments.options;
  options.classes = classesOf(arguments);
  options.gsdM = arguments.gsdM;
  options.dialect = arguments.model.dialect;
  const std::filesystem::path output = outputOf(arguments);
  geo::vectorFormatOf(output);  // refused before the work, not after it
  geo::GdalRaster raster = openRaster(arguments.raster);
  options.area = areaOf(raster, arguments.raster);
  if (!arguments.polygons.empty()) options.polygons = geo::polygonsOnRaster(arguments.polygons, raster);
  const std::unique_ptr<VisionLanguageModel> model = openModel(arguments.model);
  const ModelInfo info = model->info();
  interrupt.throwIfCancelled();

  TimedModel timed(*model);
  const RunStatistics clock;
  const Outcome outcome = runDetect(raster, timed, options, interrupt);
  const nlohmann::json statistics = arguments.statistics ? statisticsOf(clock, timed, outcome.report) : nlohmann::json();

  const geo::Provenance provenance = tasks::provenanceOf(outcome.report, options, info, raster.name());
  const geo::WrittenLayer layer =
      geo::writeDetections(output, outcome.detections, raster.crsWkt(), raster.hasGeotransform(), provenance);
  if (arguments.json) {
    printJson(jsonOf(outcome, layer, statistics));
  } else {
    printText(outcome, layer, statistics);
  }
  if (layer.elsewhere) {
    tell(output.string() + " cannot be written (" + layer.reason + "); the layer was kept in " + layer.path.string());
  }
  if (outcome.failure) {
    tell("the work ended early; what was found until then is in " + layer.path.string());
    std::rethrow_exception(outcome.failure);
  }
  if (outcome.report.cancelled) {
    tell("cancelled; what was found until then is in " + layer.path.string());
    return kCancelled;
  }
  return layer.elsewhere ? kFailed : kDone;
}

}  // namespace

Run declareDetect(CLI::App& app) {
  const auto arguments = std::make_shared<DetectArguments>();
  declareRaster(app, arguments->raster);
  declareModel(app, arguments->model);
  CLI::Option_group* what = app.add_option_group("what", "What to look for");
  what->add_option("--classes", arguments->classList, "Names of what to look for, with commas between")->type_name("A,B,...");
  what->add_option("--class", arguments->classes, "One such name; may be given several times")->allow_extra_args(false);
  what->require_option(1, 2);

  tasks::DetectOptions& options = arguments->options;
  app.add_option("-o,--output", arguments->output,
                 "Layer to write: .gpkg, .shp, .geojson or .fgb (default: RASTER_detections.gpkg in the current folder)")
      ->type_name("FILE");
  app.add_option("--polygons", arguments->polygons,
                 "Keep only objects with their centre inside a polygon of this vector file, in whatever CRS")
      ->type_name("FILE");
  app.add_option("--gsd", arguments->gsdM,
                 "Metres a pixel at which the model looks; 0: as the raster (default: what suits the model)")
      ->type_name("METRES");
  app.add_option("--overlap", options.overlap, "Share of a window's side that it has in common with the next")
      ->capture_default_str();
  app.add_option("--merge-iou", options.mergeIou, "Boxes of one class that overlap more than this are one object")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--min-score", options.minScore, "Leave out boxes the model is less sure of")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--max-tokens", options.maxNewTokens, "Longest answer for one window, in tokens")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--json", arguments->json, "Print one JSON object for machines");
  app.add_flag("--stats", arguments->statistics, "Tell time, pace and peak memory");
  return [arguments] { return run(*arguments); };
}

}  // namespace orthoscribe::cli
