// SPDX-License-Identifier: GPL-2.0-or-later
// What tasks that look at a whole area at once share.
#pragma once

#include <string>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/geo/raster.h"
#include "core/tasks/describe.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

// Questions in plain words need no grammar of boxes, so a model of unknown family is asked as most of them are. name: a
// dialect's, or empty. Throws Error{Unsupported} for an unknown name.
const Dialect& dialectToAsk(const ModelInfo& info, const std::string& name);

// Longer side of the picture, in pixels, as the options want it or as suits the model.
int pictureSidePx(const LookOptions& options, const Dialect& dialect, const ModelInfo& info);

// The area as one picture with its longer side at most sidePx; nothing is enlarged. Throws Error{InvalidInput} when the area
// holds no data, and what reading throws.
geo::RasterWindow pictureOf(geo::RasterSource& raster, const geo::PixelRect& area, int sidePx, const CancelToken& cancel);

GenerationOptions generationOf(const LookOptions& options);

}  // namespace orthoscribe::tasks
