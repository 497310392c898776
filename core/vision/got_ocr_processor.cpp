// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/got_ocr_processor.h"

#include "core/vision/tiling.h"

namespace orthoscribe::vision {

GotOcrProcessor::GotOcrProcessor(const ConfigFile& config)
    : tokensPerTile_(config.integerOr("image_seq_length", 256, 1, 1 << 20)) {
  constexpr std::int64_t kMaxTiles = 256;
  const ConfigFile preprocessor = preprocessorFileBeside(config);
  settings_ = readPreprocessorSettings(preprocessor);
  if (settings_.keepsShape) preprocessor.unsupported("do_center_crop", "cutting out the middle");
  if (settings_.filter != ResampleFilter::Bicubic) preprocessor.unsupported("resample", "another filter than bicubic");
  minTiles_ = static_cast<int>(preprocessor.integerOr("min_patches", minTiles_, 1, kMaxTiles));
  maxTiles_ = static_cast<int>(preprocessor.integerOr("max_patches", maxTiles_, 1, kMaxTiles));
  if (minTiles_ > maxTiles_) preprocessor.fail("min_patches", "is above max_patches");
}

ProcessedImage GotOcrProcessor::process(const RgbImage& image, int) const {
  const TileGrid grid = nearestGrid(image.width, image.height, minTiles_, maxTiles_, settings_.sidePx);
  const std::vector<RgbImage> tiles = cutTiles(image, grid, settings_.sidePx, true);
  return {.pixelValues = toTensor(tiles, settings_.normalisation),
          .gridColumns = grid.columns,
          .gridRows = grid.rows,
          .tokens = tokensPerTile_ * static_cast<std::int64_t>(tiles.size())};
}

}  // namespace orthoscribe::vision
