// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/raster_commands.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/client/http_model.h"
#ifdef ORTHOSCRIBE_WITH_ENGINE
#include "core/engine/local_model.h"
#endif

namespace orthoscribe::cli {
namespace {

constexpr const char* kTokenVariable = "ORTHOSCRIBE_TOKEN";

std::unique_ptr<VisionLanguageModel> serverModel(const ModelArguments& arguments) {
  const char* token = std::getenv(kTokenVariable);
  client::EndpointOptions options;
  options.url = arguments.endpoint;
  options.token = token != nullptr ? token : "";
  options.model = arguments.model;
  if (arguments.adapters.size() > 1)
    throw Error(ErrorCode::InvalidInput, "--adapter is given twice, and a server is asked", "name one adapter");
  if (!arguments.adapters.empty()) options.adapter = arguments.adapters.front();
  return client::makeHttpModel(options);
}

std::unique_ptr<VisionLanguageModel> localModel(const ModelArguments& arguments) {
#ifdef ORTHOSCRIBE_WITH_ENGINE
  engine::LoadOptions options;
  options.model = findModelDirectory(arguments.model);
  for (const std::string& adapter : arguments.adapters) options.adapters.push_back(findAdapterDirectory(adapter));
  options.device = arguments.device;
  options.precision = arguments.precision;
  options.threads = arguments.threads;
  return engine::loadLocalModel(options);
#else
  static_cast<void>(arguments);
  throw Error(ErrorCode::Unsupported, "this program was built without the engine and cannot run models itself",
              "name a server with --endpoint URL");
#endif
}

}  // namespace

void declareRaster(CLI::App& app, RasterArguments& arguments) {
  app.add_option("raster", arguments.path, "Georeferenced raster that GDAL can read")->required()->type_name("RASTER");
  CLI::Option* bounds = app.add_option("--bbox", arguments.bounds, "Look only here; in the raster's CRS, or that of --bbox-crs")
                            ->expected(4)
                            ->type_name("MINX MINY MAXX MAXY");
  app.add_option("--bbox-crs", arguments.boundsCrs, "CRS of --bbox, for example EPSG:4326")->needs(bounds)->type_name("CRS");
  app.add_option("--bands", arguments.bands, "Bands to show as red, green and blue, or one as grey (default: by their colours)")
      ->expected(1, 3)
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->type_name("R G B");
}

void declareModel(CLI::App& app, ModelArguments& arguments) {
  app.add_option(
      "--model", arguments.model,
      "Folder of a model, or the name of an installed one (default: the starter); with --endpoint, the server's name for it");
  CLI::Option* endpoint =
      app.add_option("--endpoint", arguments.endpoint, "Ask a server that speaks OpenAI's chat completions")->type_name("URL");
  app.add_option("--adapter", arguments.adapters,
                 "Folder of an adapter, or the name of an installed one; with --endpoint, the server's name for it");
  app.add_option("--device", arguments.device, "auto, cpu, cuda, cuda:1")->capture_default_str()->excludes(endpoint);
  app.add_option("--precision", arguments.precision, "auto, float32, bfloat16")->capture_default_str()->excludes(endpoint);
  app.add_option("--threads", arguments.threads, "Threads of the model; 0: as many as it is worth")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->excludes(endpoint);
  app.add_option("--dialect", arguments.dialect, "How the model writes boxes (default: as it says itself, or by its name)");
  app.footer(std::string("The bearer token of a server is taken from the environment variable ") + kTokenVariable + ".");
}

geo::GdalRaster openRaster(const RasterArguments& arguments) {
  geo::RasterOptions options;
  options.bands = arguments.bands;
  geo::GdalRaster raster(arguments.path, options);
  for (const std::string& warning : raster.warnings()) tell(warning);
  return raster;
}

std::optional<geo::PixelRect> areaOf(const geo::GdalRaster& raster, const RasterArguments& arguments) {
  if (arguments.bounds.empty()) return std::nullopt;
  const geo::Bounds bounds{arguments.bounds[0], arguments.bounds[1], arguments.bounds[2], arguments.bounds[3]};
  if (!(bounds.minX < bounds.maxX) || !(bounds.minY < bounds.maxY)) {
    throw Error(ErrorCode::InvalidInput, "--bbox has no area", "give the smaller x, the smaller y, the larger x, the larger y");
  }
  return geo::pixelRectOf(raster, bounds, arguments.boundsCrs);
}

std::unique_ptr<VisionLanguageModel> openModel(const ModelArguments& arguments) {
  return arguments.endpoint.empty() ? localModel(arguments) : serverModel(arguments);
}

void tell(const std::string& note) {
  std::fprintf(stderr, "orthoscribe: %s\n", note.c_str());
}

void printJson(const nlohmann::json& value) {
  std::printf("%s\n", value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

}  // namespace orthoscribe::cli
