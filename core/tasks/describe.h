// SPDX-License-Identifier: GPL-2.0-or-later
// Describing an area of a raster, and answering a question about it: the whole area as one picture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/geo/oriented_box.h"
#include "core/geo/raster.h"

namespace orthoscribe::tasks {

struct LookOptions {
  std::optional<geo::PixelRect> area;  // whole raster when absent
  int maxSidePx = 0;                   // longer side of the picture; 0: what suits the model
  std::string dialect;                 // empty: by model
  int maxNewTokens = 256;
  bool aspects = false;          // of a description: made of its aspects, each by an expert of its own where the model has them
  GenerationOptions generation;  // its length and log-probabilities are the task's own
};

// A part of the area that the model asked to see closer.
struct ZoomStep {
  geo::PixelRect source;  // raster pixels that it was shown
  geo::Quad map;         // their outline in the raster's CRS (raster pixels without georeference), from the upper left, clockwise
  int pictureWidth = 0;  // of the picture of them
  int pictureHeight = 0;
};

struct LookReport {
  std::string text;
  Usage usage;
  bool cancelled = false;
  geo::PixelRect area;
  int pictureWidth = 0;
  int pictureHeight = 0;
  std::vector<ZoomStep> steps;          // only of tasks::askZooming
  std::optional<AspectReport> aspects;  // with options.aspects, unless the model's server knows nothing of them: then a warning
  std::vector<std::string> warnings;    // one line each, for the user
};

// Throws Error{InvalidInput} when the area holds no data (the model is not asked), and what raster or model throw.
LookReport describe(geo::RasterSource& raster, VisionLanguageModel& model, const LookOptions& options,
                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel);
LookReport ask(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& question, const LookOptions& options,
               const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel);

}  // namespace orthoscribe::tasks
