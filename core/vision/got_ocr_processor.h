// SPDX-License-Identifier: GPL-2.0-or-later
// Images of InternVL in Hugging Face's layout: InternVL's dynamic tiles with a thumbnail, by the numbers of a
// preprocessor_config.json (transformers, GotOcr2ImageProcessor as InternVLProcessor uses it; skynova.md section 2.3).
#pragma once

#include "core/vision/config_file.h"
#include "core/vision/image_processor.h"
#include "core/vision/preprocessor_settings.h"

namespace orthoscribe::vision {

class GotOcrProcessor : public ImageProcessor {
 public:
  // Throws Error{NotFound, InvalidInput or Unsupported} naming file and field.
  explicit GotOcrProcessor(const ConfigFile& config);

  // Every image may have max_patches tiles, however many images there are. They are cut even where the file says
  // "crop_to_patches": false, because the model's own processor asks for it.
  ProcessedImage process(const RgbImage& image, int imageCount) const override;

 private:
  PreprocessorSettings settings_;
  std::int64_t tokensPerTile_;
  int minTiles_ = 1;
  int maxTiles_ = 12;
};

}  // namespace orthoscribe::vision
