// SPDX-License-Identifier: GPL-2.0-or-later
// Images of the InternVL-chat layout: dynamic tiles with a thumbnail (InternVL, dynamic_preprocess; config.json names every
// number).
#pragma once

#include "core/vision/config_file.h"
#include "core/vision/image_processor.h"
#include "core/vision/normalisation.h"

namespace orthoscribe::vision {

class InternVlProcessor : public ImageProcessor {
 public:
  // Throws Error{InvalidInput} naming the field, Error{Unsupported} for padding to a square.
  InternVlProcessor(const ConfigFile& config, const Normalisation& normalisation);

  // Several images share the tiles: each may have max(1, max_dynamic_patch / imageCount).
  ProcessedImage process(const RgbImage& image, int imageCount) const override;

 private:
  Normalisation normalisation_;
  int sidePx_;
  std::int64_t tokensPerTile_;
  bool dynamic_;
  bool thumbnail_;
  int minTiles_;
  int maxTiles_;
};

}  // namespace orthoscribe::vision
