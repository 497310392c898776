// SPDX-License-Identifier: GPL-2.0-or-later
// Describing an area of a raster, and answering a question about it: the whole area as one picture.
#pragma once

#include <optional>
#include <string>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/geo/raster.h"

namespace orthoscribe::tasks {

struct LookOptions {
  std::optional<geo::PixelRect> area;  // whole raster when absent
  int maxSidePx = 0;                   // longer side of the picture; 0: what suits the model
  std::string dialect;                 // empty: by model
  int maxNewTokens = 256;
};

struct LookReport {
  std::string text;
  Usage usage;
  bool cancelled = false;
  geo::PixelRect area;
  int pictureWidth = 0;
  int pictureHeight = 0;
};

// Throws Error{InvalidInput} when the area holds no data (the model is not asked), and what raster or model throw.
LookReport describe(geo::RasterSource& raster, VisionLanguageModel& model, const LookOptions& options,
                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel);
LookReport ask(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& question, const LookOptions& options,
               const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel);

}  // namespace orthoscribe::tasks
