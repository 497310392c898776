// SPDX-License-Identifier: GPL-2.0-or-later
// A question about an area that is larger than the model's picture: it is shown the overview, asks for places, is shown them at
// the raster's own resolution, and answers (reference/rscovlm.md 4).
#pragma once

#include <functional>

#include "core/tasks/describe.h"

namespace orthoscribe::tasks {

enum class ZoomMode {
  Off,
  Auto,  // when the overview shows less than the raster holds, and the model can ask for places
  On
};

struct ZoomOptions {
  ZoomMode mode = ZoomMode::Auto;
  int maxSteps = 3;    // places that are shown at most
  int maxRetries = 1;  // places that cannot be read, or hold no data, at most; after that the overview has to do
  // On the working thread, before the model is shown the place.
  std::function<void(const ZoomStep& step)> onStep;
};

// Every place is read in the frame of the overview. onToken gets the words of the answer, not the requests for places. The
// report's steps tell what was shown; its warnings, when the answer comes from the overview after all. Throws as tasks::ask, and
// Error{Unsupported} when the mode is On for a model that cannot ask for places.
LookReport askZooming(geo::RasterSource& raster, VisionLanguageModel& model, const std::string& question,
                      const LookOptions& options, const ZoomOptions& zoom, const VisionLanguageModel::OnToken& onToken,
                      const CancelToken& cancel);

}  // namespace orthoscribe::tasks
