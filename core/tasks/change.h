// SPDX-License-Identifier: GPL-2.0-or-later
// A question about two dates of one area: two pictures in one prompt (reference/skynova.md 7.3).
#pragma once

#include "core/tasks/describe.h"

namespace orthoscribe::tasks {

// options.area: pixels of `after`; `before` is read over the same ground, on the pixels of `after`. An empty question asks what
// has changed. Throws Error{Unsupported} for a model that does not compare dates, Error{InvalidInput} when the rasters cannot be
// laid over each other or one of them holds no data in the area, and what rasters or model throw.
LookReport askChange(geo::RasterSource& after, geo::RasterSource& before, VisionLanguageModel& model, const std::string& question,
                     const LookOptions& options, const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel);

}  // namespace orthoscribe::tasks
