// SPDX-License-Identifier: GPL-2.0-or-later
// Images of the starter: the whole image, resized to one square.
#pragma once

#include "core/vision/config_file.h"
#include "core/vision/image_processor.h"
#include "core/vision/normalisation.h"

namespace orthoscribe::vision {

class SquareProcessor : public ImageProcessor {
 public:
  // vision_config.image_size: side in pixels; num_image_token: tokens of an image. Throws Error{InvalidInput} naming the field.
  SquareProcessor(const ConfigFile& config, const Normalisation& normalisation);

  ProcessedImage process(const RgbImage& image, int imageCount) const override;

 private:
  Normalisation normalisation_;
  int sidePx_;
  std::int64_t tokens_;
};

}  // namespace orthoscribe::vision
