// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/provenance.h"

#include <chrono>
#include <cstdio>
#include <ctime>

#include "core/base/version.h"
#include "core/tasks/detect.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string nowUtc() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

geo::Provenance provenanceOfModel(const ModelInfo& model, const std::string& rasterName) {
  geo::Provenance provenance;
  provenance.model = model.name;
  provenance.modelHash = model.contentHash;
  provenance.adapter = joined(model.adapters, ", ");
  provenance.sourceRaster = rasterName;
  provenance.programVersion = kVersion;
  provenance.time = nowUtc();
  provenance.parameters["precision"] = model.precision;
  provenance.parameters["device"] = model.device;
  return provenance;
}

geo::Provenance provenanceOf(const DetectReport& report, const DetectOptions& options, const ModelInfo& model,
                             const std::string& rasterName) {
  geo::Provenance provenance = provenanceOfModel(model, rasterName);
  provenance.prompt = report.prompt;

  auto& parameters = provenance.parameters;
  parameters["classes"] = joined(options.classes, ", ");
  parameters["dialect"] = report.dialect;
  parameters["ground_resolution_m"] = report.gsdM > 0.0 ? number(report.gsdM) : "unknown";
  parameters["image_side_px"] = std::to_string(report.imageSidePx);
  parameters["overlap"] = number(options.overlap);
  parameters["merge_iou"] = number(options.mergeIou);
  parameters["min_score"] = number(options.minScore);
  parameters["max_new_tokens"] = std::to_string(options.maxNewTokens);
  parameters["windows"] = std::to_string(report.tilesAsked) + " of " + std::to_string(report.tilesTotal) + " asked, " +
                          std::to_string(report.tilesFailed) + " unreadable";
  if (report.cancelled) parameters["cancelled"] = "yes: the layer holds what was found until then";
  if (options.area) {
    parameters["area_px"] = std::to_string(options.area->column) + " " + std::to_string(options.area->row) + " " +
                            std::to_string(options.area->width) + " " + std::to_string(options.area->height);
  }
  return provenance;
}

}  // namespace orthoscribe::tasks
