// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/blip_processor.h"

#include <string>

#include "core/vision/square_image.h"

namespace orthoscribe::vision {

BlipProcessor::BlipProcessor(const ConfigFile& config)
    : settings_(readPreprocessorSettings(preprocessorFileBeside(config))),
      tokens_(config.integerOr("num_query_tokens", 32, 1, 1 << 20)) {
  const std::int64_t towerSide = config.integerOr("vision_config.image_size", 224, 1, 1 << 20);
  if (towerSide != settings_.sidePx)
    config.fail("vision_config.image_size",
                "does not fit the " + std::to_string(settings_.sidePx) + " pixels that preprocessor_config.json says");
}

ProcessedImage BlipProcessor::process(const RgbImage& image, int) const {
  const RgbImage square = settings_.keepsShape ? middleSquare(image, settings_.sidePx, settings_.filter)
                                               : resize(image, settings_.sidePx, settings_.sidePx, settings_.filter);
  return {.pixelValues = toTensor({square}, settings_.normalisation), .gridColumns = 1, .gridRows = 1, .tokens = tokens_};
}

}  // namespace orthoscribe::vision
