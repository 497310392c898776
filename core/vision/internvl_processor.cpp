// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/internvl_processor.h"

#include <algorithm>
#include <cmath>

#include "core/vision/tiling.h"

namespace orthoscribe::vision {
namespace {

constexpr std::int64_t kMaxSidePx = 4096;
constexpr std::int64_t kMaxTiles = 256;

// Patches of a tile after pixel shuffle: (side / patch)^2 * downsample_ratio^2.
std::int64_t readTokensPerTile(const ConfigFile& config, int sidePx) {
  const std::int64_t patch = config.integer("vision_config.patch_size", 1, kMaxSidePx);
  if (sidePx % patch != 0) config.fail("vision_config.patch_size", "does not divide the image size " + std::to_string(sidePx));
  const double ratio = config.has("downsample_ratio") ? config.number("downsample_ratio") : 0.5;
  const double tokensPerSide = static_cast<double>(sidePx / patch) * ratio;
  if (!(ratio > 0.0) || ratio > 1.0 || tokensPerSide != std::floor(tokensPerSide)) {
    config.fail("downsample_ratio", "does not fit a grid of " + std::to_string(sidePx / patch) + " patches a side");
  }
  return static_cast<std::int64_t>(tokensPerSide * tokensPerSide);
}

int readSide(const ConfigFile& config) {
  const char* field = config.has("force_image_size") ? "force_image_size" : "vision_config.image_size";
  return static_cast<int>(config.integer(field, 1, kMaxSidePx));
}

}  // namespace

InternVlProcessor::InternVlProcessor(const ConfigFile& config, const Normalisation& normalisation)
    : normalisation_(normalisation),
      sidePx_(readSide(config)),
      tokensPerTile_(readTokensPerTile(config, sidePx_)),
      dynamic_(config.boolOr("dynamic_image_size", false)),
      thumbnail_(config.boolOr("use_thumbnail", false)),
      minTiles_(static_cast<int>(config.integerOr("min_dynamic_patch", 1, 1, kMaxTiles))),
      maxTiles_(static_cast<int>(config.integerOr("max_dynamic_patch", 6, 1, kMaxTiles))) {
  if (config.boolOr("pad2square", false)) config.unsupported("pad2square", "padding to a square");
  if (minTiles_ > maxTiles_) config.fail("min_dynamic_patch", "is above max_dynamic_patch");
}

ProcessedImage InternVlProcessor::process(const RgbImage& image, int imageCount) const {
  TileGrid grid;
  if (dynamic_) {
    const int budget = std::max(1, maxTiles_ / std::max(1, imageCount));
    grid = nearestGrid(image.width, image.height, std::min(minTiles_, budget), budget, sidePx_);
  }
  const std::vector<RgbImage> tiles = cutTiles(image, grid, sidePx_, thumbnail_);
  return {.pixelValues = toTensor(tiles, normalisation_),
          .gridColumns = grid.columns,
          .gridRows = grid.rows,
          .tokens = tokensPerTile_ * static_cast<std::int64_t>(tiles.size())};
}

}  // namespace orthoscribe::vision
