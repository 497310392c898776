// SPDX-License-Identifier: GPL-2.0-or-later
// What a preprocessor_config.json of Hugging Face's image processors says, as far as those that make squares share it.
#pragma once

#include "core/vision/config_file.h"
#include "core/vision/normalisation.h"
#include "core/vision/resize.h"

namespace orthoscribe::vision {

struct PreprocessorSettings {
  int sidePx = 0;
  bool keepsShape = false;  // the middle of the image is cut out, else the whole is stretched
  ResampleFilter filter = ResampleFilter::Bicubic;
  Normalisation normalisation;
};

// "size" as a number, {"height", "width"} or {"shortest_edge"}; "crop_size", "resample", "image_mean" and "image_std" (CLIP's
// where they are missing, as in the classes). Throws Error{InvalidInput} naming file and field, Error{Unsupported} for squares
// that are none, other filters, and steps left out.
PreprocessorSettings readPreprocessorSettings(const ConfigFile& preprocessor);

// The folder's preprocessor_config.json, for the family whose config.json this is. Throws Error{NotFound}.
ConfigFile preprocessorFileBeside(const ConfigFile& config);

}  // namespace orthoscribe::vision
