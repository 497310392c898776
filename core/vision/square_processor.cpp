// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/square_processor.h"

#include "core/vision/resize.h"

namespace orthoscribe::vision {

SquareProcessor::SquareProcessor(const ConfigFile& config, const Normalisation& normalisation)
    : normalisation_(normalisation),
      sidePx_(static_cast<int>(config.integer("vision_config.image_size", 1, 4096))),
      tokens_(config.integer("num_image_token", 1, 1 << 20)) {}

ProcessedImage SquareProcessor::process(const RgbImage& image, int) const {
  const RgbImage square = resize(image, sidePx_, sidePx_, ResampleFilter::Bicubic);
  return {.pixelValues = toTensor({square}, normalisation_), .gridColumns = 1, .gridRows = 1, .tokens = tokens_};
}

}  // namespace orthoscribe::vision
