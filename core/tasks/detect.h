// SPDX-License-Identifier: GPL-2.0-or-later
// Finding objects on a raster: windows, questions, boxes on the map, merged over seams.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/base/vision_language_model.h"
#include "core/geo/detection.h"
#include "core/geo/layer_writer.h"
#include "core/geo/raster.h"

namespace orthoscribe::tasks {

struct DetectOptions {
  std::vector<std::string> classes;               // at least one
  std::optional<geo::PixelRect> area;             // whole raster when absent
  std::vector<std::vector<geo::Point>> polygons;  // raster pixels; only boxes with their centre inside one are kept; empty: all
  // Ground resolution for the model. Absent: the model's own, or the raster's where that is much coarser. 0: the raster's.
  std::optional<double> gsdM;
  double overlap = 0.2;
  double mergeIou = 0.3;
  double minScore = 0.0;        // boxes with a known score below it are dropped
  double minValidShare = 0.02;  // windows with less data are not shown to the model
  std::string dialect;          // empty: by model
  int maxNewTokens = 2048;
  GenerationOptions generation;  // its length and log-probabilities are the task's own
};

struct DetectReport {
  std::vector<geo::Detection> detections;  // merged
  int tilesTotal = 0;
  int tilesAsked = 0;
  int tilesEmpty = 0;   // without data, not shown to the model
  int tilesFailed = 0;  // unreadable windows; the work goes on
  int dropped = 0;      // entries of answers that could not be used
  int truncatedAnswers = 0;
  int repeatingAnswers = 0;  // ended because the model said the same over and over
  bool cancelled = false;
  double gsdM = 0.0;  // metres a pixel at which the model looked; 0: unknown
  int imageSidePx = 0;
  std::string dialect;
  std::string prompt;  // of the first request
  std::vector<std::string> warnings;
};

// Gets results while the work runs, on the working thread.
struct DetectSink {
  // Before the first window: what is going to be done, with what was noticed until then in `warnings`; no results yet.
  std::function<void(const DetectReport& plan)> onBegin;
  // All boxes of one finished tile after merging with those before; `replaced` are indices (in the order of all boxes given
  // so far) that these supersede.
  std::function<void(const std::vector<geo::Detection>& found, const std::vector<std::size_t>& replaced)> onTile;
  ProgressCallback onProgress;
};

// Throws Error{InvalidInput} for an empty class list, and what the model or raster throws before the first tile was done. Later
// failures of the model end the work: Error is thrown after onTile got all that was found; a cancelled run returns normally with
// report.cancelled.
DetectReport detect(geo::RasterSource& raster, VisionLanguageModel& model, const DetectOptions& options, const DetectSink& sink,
                    const CancelToken& cancel);

// Provenance of such a run, ready for writeDetections.
geo::Provenance provenanceOf(const DetectReport& report, const DetectOptions& options, const ModelInfo& model,
                             const std::string& rasterName);

}  // namespace orthoscribe::tasks
