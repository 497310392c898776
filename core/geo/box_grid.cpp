// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/box_grid.h"

#include <algorithm>
#include <cmath>

namespace orthoscribe::geo {

UprightBox uprightBoxOf(std::span<const Point> points) {
  UprightBox box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const Point& point : points) {
    box.minX = std::min(box.minX, point.x);
    box.minY = std::min(box.minY, point.y);
    box.maxX = std::max(box.maxX, point.x);
    box.maxY = std::max(box.maxY, point.y);
  }
  return box;
}

BoxGrid::BoxGrid(std::span<const UprightBox> all) : all_(all), lastQuery_(all.size(), 0) {
  if (!all.empty()) {
    bounds_ = all[0];
    double extents = 0.0;
    for (const UprightBox& box : all) {
      bounds_ = {std::min(bounds_.minX, box.minX), std::min(bounds_.minY, box.minY), std::max(bounds_.maxX, box.maxX),
                 std::max(bounds_.maxY, box.maxY)};
      extents += std::max(box.maxX - box.minX, box.maxY - box.minY);
    }
    const double count = static_cast<double>(all.size());
    const double width = bounds_.maxX - bounds_.minX;
    const double height = bounds_.maxY - bounds_.minY;
    // At most about four cells a box, along a line as well as over an area.
    cellSize_ = std::max({extents / count, std::sqrt(width * height / (4.0 * count)), (width + height) / (4.0 * count)});
    if (!(cellSize_ > 0.0) || !std::isfinite(cellSize_)) cellSize_ = 1.0;
    columns_ = static_cast<std::size_t>(width / cellSize_) + 1;
    rows_ = static_cast<std::size_t>(height / cellSize_) + 1;
  }
  heads_.assign(columns_ * rows_, kNone);
}

BoxGrid::CellRange BoxGrid::cellsOf(const UprightBox& box) const {
  const auto cell = [this](double offset, std::size_t count) {
    return std::min(static_cast<std::size_t>(std::max(offset, 0.0) / cellSize_), count - 1);
  };
  return {cell(box.minX - bounds_.minX, columns_), cell(box.maxX - bounds_.minX, columns_), cell(box.minY - bounds_.minY, rows_),
          cell(box.maxY - bounds_.minY, rows_)};
}

void BoxGrid::insert(std::uint32_t index) {
  const CellRange cells = cellsOf(all_[index]);
  for (std::size_t row = cells.firstRow; row <= cells.lastRow; ++row) {
    for (std::size_t column = cells.firstColumn; column <= cells.lastColumn; ++column) {
      std::uint32_t& head = heads_[row * columns_ + column];
      entries_.push_back({index, head});
      head = static_cast<std::uint32_t>(entries_.size() - 1);
    }
  }
}

}  // namespace orthoscribe::geo
