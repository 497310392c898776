// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/tiling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/vision/resize.h"
#include "core/vision/square_image.h"

namespace orthoscribe::vision {
namespace {

std::vector<TileGrid> gridsBySize(int minTiles, int maxTiles) {
  std::vector<TileGrid> grids;
  for (int columns = 1; columns <= maxTiles; ++columns) {
    for (int rows = 1; rows * columns <= maxTiles; ++rows) {
      if (rows * columns >= minTiles) grids.push_back({columns, rows});
    }
  }
  std::ranges::stable_sort(grids, {}, [](const TileGrid& grid) { return grid.columns * grid.rows; });
  return grids;
}

}  // namespace

TileGrid nearestGrid(int width, int height, int minTiles, int maxTiles, int sidePx) {
  if (width < 1 || height < 1 || sidePx < 1 || minTiles < 1 || maxTiles < minTiles) {
    throw Error(ErrorCode::InvalidInput, "an image of " + std::to_string(width) + " x " + std::to_string(height) +
                                             " pixels cannot be cut into " + std::to_string(minTiles) + " to " +
                                             std::to_string(maxTiles) + " tiles of " + std::to_string(sidePx));
  }
  const double aspect = static_cast<double>(width) / height;
  const double area = static_cast<double>(width) * height;
  TileGrid best;
  double smallest = std::numeric_limits<double>::infinity();
  for (const TileGrid& grid : gridsBySize(minTiles, maxTiles)) {
    const double difference = std::abs(aspect - static_cast<double>(grid.columns) / grid.rows);
    const bool largeEnough = area > 0.5 * sidePx * sidePx * grid.columns * grid.rows;
    if (difference < smallest || (difference == smallest && largeEnough)) {
      smallest = difference;
      best = grid;
    }
  }
  return best;
}

std::vector<RgbImage> cutTiles(const RgbImage& image, const TileGrid& grid, int sidePx, bool thumbnail) {
  const RgbImage stretched = resize(image, grid.columns * sidePx, grid.rows * sidePx, ResampleFilter::Bicubic);
  std::vector<RgbImage> tiles;
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column)
      tiles.push_back(cutSquare(stretched, column * sidePx, row * sidePx, sidePx));
  }
  if (thumbnail && tiles.size() > 1) tiles.push_back(resize(image, sidePx, sidePx, ResampleFilter::Bicubic));
  return tiles;
}

}  // namespace orthoscribe::vision
