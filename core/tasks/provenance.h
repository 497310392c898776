// SPDX-License-Identifier: GPL-2.0-or-later
// What every layer says of its origin.
#pragma once

#include <string>

#include "core/base/vision_language_model.h"
#include "core/geo/layer_writer.h"

namespace orthoscribe::tasks {

// Model, precision and device, raster, this program's version and the time now; the prompt and other parameters are the task's.
geo::Provenance provenanceOfModel(const ModelInfo& model, const std::string& rasterName);

}  // namespace orthoscribe::tasks
