// SPDX-License-Identifier: GPL-2.0-or-later
// Finds the boxes near a box: a uniform grid over upright bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/geo/geotransform.h"

namespace orthoscribe::geo {

struct UprightBox {
  double minX = 0.0;
  double minY = 0.0;
  double maxX = 0.0;
  double maxY = 0.0;

  bool meets(const UprightBox& other) const {
    return minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY;
  }
};

// Of at least one point.
UprightBox uprightBoxOf(std::span<const Point> points);

class BoxGrid {
 public:
  // `all`: every box that will be inserted or asked for; they choose the cell size and must outlive the grid. Cells are as wide
  // as the boxes are on average, and at most a few for each box, so neither tiny nor huge boxes make it slow.
  explicit BoxGrid(std::span<const UprightBox> all);

  // index: into `all`.
  void insert(std::uint32_t index);

  // Calls visit(index) once for each inserted box whose bounds meet those of all[index], until it returns true; says whether it
  // did.
  template <typename Visit>
  bool anyNear(std::uint32_t index, Visit&& visit) {
    ++query_;
    const UprightBox& box = all_[index];
    const CellRange cells = cellsOf(box);
    for (std::size_t row = cells.firstRow; row <= cells.lastRow; ++row) {
      for (std::size_t column = cells.firstColumn; column <= cells.lastColumn; ++column) {
        for (std::uint32_t at = heads_[row * columns_ + column]; at != kNone; at = entries_[at].next) {
          const std::uint32_t other = entries_[at].box;
          if (lastQuery_[other] == query_) continue;
          lastQuery_[other] = query_;
          if (all_[other].meets(box) && visit(other)) return true;
        }
      }
    }
    return false;
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
  struct CellRange {
    std::size_t firstColumn, lastColumn, firstRow, lastRow;
  };
  struct Entry {
    std::uint32_t box;
    std::uint32_t next;
  };
  CellRange cellsOf(const UprightBox& box) const;

  std::span<const UprightBox> all_;
  UprightBox bounds_;
  double cellSize_ = 1.0;
  std::size_t columns_ = 1;
  std::size_t rows_ = 1;
  std::vector<std::uint32_t> heads_;  // first entry of each cell
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> lastQuery_;  // a box lies in several cells but is visited once
  std::uint32_t query_ = 0;
};

}  // namespace orthoscribe::geo
