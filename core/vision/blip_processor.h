// SPDX-License-Identifier: GPL-2.0-or-later
// Images of InstructBLIP: one square, as preprocessor_config.json says (rsmoe_and_metrics.md section 3.11).
#pragma once

#include "core/vision/config_file.h"
#include "core/vision/image_processor.h"
#include "core/vision/preprocessor_settings.h"

namespace orthoscribe::vision {

class BlipProcessor : public ImageProcessor {
 public:
  // Throws Error{NotFound, InvalidInput or Unsupported} naming file and field; a size other than the vision tower's is
  // InvalidInput.
  explicit BlipProcessor(const ConfigFile& config);

  ProcessedImage process(const RgbImage& image, int imageCount) const override;

 private:
  PreprocessorSettings settings_;
  std::int64_t tokens_;
};

}  // namespace orthoscribe::vision
