// SPDX-License-Identifier: GPL-2.0-or-later
// Finding what a phrase means ("the ship at the pier") on an area of a raster.
#pragma once

#include "core/geo/layer_writer.h"
#include "core/tasks/describe.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::tasks {

struct GroundOptions {
  LookOptions look;
  std::optional<BoxShape> shape;                  // absent: what the family draws usually
  std::vector<std::vector<geo::Point>> polygons;  // raster pixels; only boxes with their centre inside one are kept; empty: all
};

struct GroundReport {
  LookReport look;                         // text: the answer as it was given
  std::vector<geo::Detection> detections;  // labelled with the phrase, in the order of the answer
  int dropped = 0;                         // entries of the answer that could not be used
  BoxShape shape = BoxShape::Upright;
  std::string dialect;
  std::string prompt;
};

// The whole area is shown as one picture, for the phrase may speak of places in it; corners go to the map through the full
// geotransform. Upright means along the picture's sides. Throws Error{InvalidInput} for an empty phrase or an area without data,
// Error{Unsupported} for a model that does not do this, or not with boxes of that shape, and what raster or model throw.
GroundReport ground(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& phrase,
                    const GroundOptions& options, const CancelToken& cancel);

// Provenance of such a run, ready for writeDetections.
geo::Provenance provenanceOf(const GroundReport& report, const std::string& phrase, const ModelInfo& model,
                             const std::string& rasterName);

}  // namespace orthoscribe::tasks
