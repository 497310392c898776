// SPDX-License-Identifier: GPL-2.0-or-later
// What describe, ask and detect share: the raster and its area, the model, and where notes to the user go.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/cli/command.h"
#include "core/geo/raster.h"

namespace orthoscribe::cli {

struct RasterArguments {
  std::string path;
  std::vector<double> bounds;  // empty, or minX minY maxX maxY
  std::string boundsCrs;
  std::vector<int> bands;
};

struct ModelArguments {
  std::string model;
  std::string endpoint;
  std::vector<std::string> adapters;
  std::string device = "auto";
  std::string precision = "auto";
  std::string dialect;
  int threads = 0;
};

void declareRaster(CLI::App& app, RasterArguments& arguments);
void declareModel(CLI::App& app, ModelArguments& arguments);

// Opens the raster and tells its warnings. Throws as geo::GdalRaster.
geo::GdalRaster openRaster(const RasterArguments& arguments);

// The pixels of the bounds that were given, within the raster; nothing when none were. Throws Error{InvalidInput}.
std::optional<geo::PixelRect> areaOf(const geo::GdalRaster& raster, const RasterArguments& arguments);

// A server's model with --endpoint, else one loaded into this process. Throws Error{Unsupported} for the latter in a program that
// was built without the engine.
std::unique_ptr<VisionLanguageModel> openModel(const ModelArguments& arguments);

// One line on standard error.
void tell(const std::string& note);

// JSON on standard output, bytes that are no UTF-8 replaced.
void printJson(const nlohmann::json& value);

}  // namespace orthoscribe::cli
