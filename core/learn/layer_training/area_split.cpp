// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/area_split.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kEnoughBlocks = 5;
constexpr int kMostHalvings = 2;

enum class BlockUse { None, Train, HeldOut };

class Grid {
 public:
  Grid(std::int64_t width, std::int64_t height, std::int64_t blockPx)
      : width_(width), height_(height), columns_((width + blockPx - 1) / blockPx), rows_((height + blockPx - 1) / blockPx) {
    uses_.resize(static_cast<std::size_t>(columns_ * rows_), BlockUse::None);
  }

  // Half blocks: (2 c, 2 r) is where the block of column c and row r begins.
  geo::PixelRect at(std::int64_t halfColumn, std::int64_t halfRow) const {
    const std::int64_t left = halfColumn * width_ / (2 * columns_);
    const std::int64_t top = halfRow * height_ / (2 * rows_);
    return {left, top, (halfColumn + 2) * width_ / (2 * columns_) - left, (halfRow + 2) * height_ / (2 * rows_) - top};
  }
  geo::PixelRect block(std::size_t index) const {
    const auto place = static_cast<std::int64_t>(index);
    return at(2 * (place % columns_), 2 * (place / columns_));
  }

  std::size_t blockOf(geo::Point place) const {
    const auto column =
        std::clamp<std::int64_t>(std::llround(std::floor(place.x * double(columns_) / double(width_))), 0, columns_ - 1);
    const auto row = std::clamp<std::int64_t>(std::llround(std::floor(place.y * double(rows_) / double(height_))), 0, rows_ - 1);
    return static_cast<std::size_t>(row * columns_ + column);
  }

  std::vector<BlockUse>& uses() { return uses_; }

  std::vector<geo::PixelRect> trainPictures() const {
    std::vector<geo::PixelRect> pictures;
    for (std::int64_t row = 0; row + 1 < 2 * rows_; ++row) {
      for (std::int64_t column = 0; column + 1 < 2 * columns_; ++column)
        if (allTrain(column, row)) pictures.push_back(at(column, row));
    }
    return pictures;
  }

 private:
  bool allTrain(std::int64_t halfColumn, std::int64_t halfRow) const {
    for (std::int64_t row = halfRow / 2; row <= (halfRow + 1) / 2; ++row) {
      for (std::int64_t column = halfColumn / 2; column <= (halfColumn + 1) / 2; ++column)
        if (uses_[static_cast<std::size_t>(row * columns_ + column)] != BlockUse::Train) return false;
    }
    return true;
  }

  std::int64_t width_, height_, columns_, rows_;
  std::vector<BlockUse> uses_;
};

struct LabelledBlocks {
  std::vector<std::size_t> all;          // reading order
  std::vector<std::size_t> withObjects;  // those with a label that was not rejected
};

LabelledBlocks labelledBlocks(const Grid& grid, std::size_t count, const std::vector<LayerLabel>& labels) {
  std::vector<bool> any(count), object(count);
  for (const LayerLabel& label : labels) {
    const std::size_t block = grid.blockOf(centreOf(label));
    any[block] = true;
    if (!label.rejected) object[block] = true;
  }
  LabelledBlocks blocks;
  for (std::size_t index = 0; index < count; ++index) {
    if (any[index]) blocks.all.push_back(index);
    if (object[index]) blocks.withObjects.push_back(index);
  }
  return blocks;
}

void holdOut(std::vector<BlockUse>& uses, const LabelledBlocks& blocks, double share) {
  for (const std::size_t block : blocks.all) uses[block] = BlockUse::Train;
  const std::size_t count = blocks.withObjects.size();
  const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(blocks.all.size())));
  const std::size_t held = std::clamp<std::size_t>(wanted, 1, count - 1);
  for (std::size_t number = 0; number < held; ++number)
    uses[blocks.withObjects[(2 * number + 1) * count / (2 * held)]] = BlockUse::HeldOut;
}

}  // namespace

geo::Point centreOf(const LayerLabel& label) {
  return geo::minimumAreaRectangle(label.outline).centre;
}

AreaSplit splitArea(std::int64_t width, std::int64_t height, std::int64_t blockPx, const std::vector<LayerLabel>& labels,
                    double heldOutShare) {
  blockPx = std::max<std::int64_t>(blockPx, 4);
  for (int halvings = 0;; ++halvings) {
    Grid grid(width, height, std::max<std::int64_t>(blockPx >> halvings, 1));
    const LabelledBlocks blocks = labelledBlocks(grid, grid.uses().size(), labels);
    if (blocks.withObjects.size() < kEnoughBlocks && halvings < kMostHalvings) continue;
    if (blocks.withObjects.size() < 2) {
      throw Error(ErrorCode::InvalidInput,
                  "the labels lie so close together that no part of the area can be held out for the test",
                  "label objects in more than one place");
    }
    holdOut(grid.uses(), blocks, heldOutShare);
    AreaSplit split{grid.trainPictures(), {}};
    for (std::size_t index = 0; index < grid.uses().size(); ++index)
      if (grid.uses()[index] == BlockUse::HeldOut) split.heldOut.push_back(grid.block(index));
    return split;
  }
}

}  // namespace orthoscribe::learn
