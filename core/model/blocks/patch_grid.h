// SPDX-License-Identifier: GPL-2.0-or-later
// A picture cut into patches, as Qwen's vision towers take it: squares of merge x merge patches become one token, and all patches
// of a square stand together, squares and the patches in them rows first (reference/rscovlm.md 1.2).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/model/blocks/rotary.h"

namespace orthoscribe::model {

struct PatchGrid {
  std::int64_t rows = 0;  // of patches; multiples of merge
  std::int64_t columns = 0;
  std::int64_t merge = 1;

  std::int64_t patches() const { return rows * columns; }
  std::int64_t tokens() const { return rows * columns / (merge * merge); }
};

// The grid of pixels [1, rows / merge, columns / merge, merge * merge, values]. Throws Error{InvalidInput} for another shape.
PatchGrid gridOf(const torch::Tensor& pixels, std::int64_t merge, std::int64_t values);

// [2, patches] int64: row and column of each patch, in the order of the patches.
torch::Tensor patchPlaces(const PatchGrid& grid, torch::Device device);

// values [rows, columns, ..] -> [patches, ..] in the order of the patches.
torch::Tensor inPatchOrder(const torch::Tensor& values, const PatchGrid& grid);

// Half of a head's frequencies turn by the row, half by the column: tables [patches, headSize] in the order of the patches.
// headSize: a multiple of 4.
RotaryTables patchRotary(const PatchGrid& grid, std::int64_t headSize, torch::Device device);

// A grid's tokens cut into square windows, which attend to themselves only (reference/rscovlm.md 1.2, step 4).
struct WindowPlan {
  torch::Tensor order;             // int64 [tokens]: the token that stands at each place when windows follow each other
  std::vector<std::int64_t> ends;  // 0, then the patch after each window
};

// side: tokens along a window. Windows at the lower and right edge are smaller; windows and the tokens in them rows first.
WindowPlan planWindows(const PatchGrid& grid, std::int64_t side);

}  // namespace orthoscribe::model
