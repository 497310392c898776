// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/patch_grid.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "core/base/error.h"

namespace orthoscribe::model {
namespace {

constexpr double kTheta = 10000.0;

}  // namespace

PatchGrid gridOf(const torch::Tensor& pixels, std::int64_t merge, std::int64_t values) {
  const bool fits = pixels.dim() == 5 && pixels.size(0) == 1 && pixels.size(1) > 0 && pixels.size(2) > 0 &&
                    pixels.size(3) == merge * merge && pixels.size(4) == values;
  if (!fits) {
    throw Error(ErrorCode::InvalidInput,
                "an image tensor must be [1, rows, columns, " + std::to_string(merge * merge) + ", " + std::to_string(values) +
                    "] for this model",
                "check patch_size, merge_size and temporal_patch_size of preprocessor_config.json");
  }
  return {.rows = pixels.size(1) * merge, .columns = pixels.size(2) * merge, .merge = merge};
}

torch::Tensor inPatchOrder(const torch::Tensor& values, const PatchGrid& grid) {
  const std::int64_t merge = grid.merge;
  return values.reshape({grid.rows / merge, merge, grid.columns / merge, merge, -1})
      .transpose(1, 2)
      .reshape({grid.patches(), -1});
}

torch::Tensor patchPlaces(const PatchGrid& grid, torch::Device device) {
  const auto options = at::TensorOptions().dtype(at::kLong).device(device);
  const torch::Tensor rows = at::arange(grid.rows, options).unsqueeze(1).expand({grid.rows, grid.columns});
  const torch::Tensor columns = at::arange(grid.columns, options).unsqueeze(0).expand({grid.rows, grid.columns});
  return inPatchOrder(at::stack({rows, columns}, -1), grid).transpose(0, 1).contiguous();
}

RotaryTables patchRotary(const PatchGrid& grid, std::int64_t headSize, torch::Device device) {
  const torch::Tensor scale = inverseFrequencies(kTheta, headSize / 2).to(device);
  const torch::Tensor places = patchPlaces(grid, device).to(at::kFloat).unsqueeze(-1);
  const torch::Tensor rows = places[0] * scale;
  const torch::Tensor columns = places[1] * scale;
  const torch::Tensor angles = at::cat({rows, columns, rows, columns}, -1);
  return {angles.cos(), angles.sin()};
}

WindowPlan planWindows(const PatchGrid& grid, std::int64_t side) {
  const std::int64_t rows = grid.rows / grid.merge;
  const std::int64_t columns = grid.columns / grid.merge;
  std::vector<std::int64_t> order;
  order.reserve(static_cast<std::size_t>(rows * columns));
  WindowPlan plan{.order = {}, .ends = {0}};
  for (std::int64_t top = 0; top < rows; top += side) {
    for (std::int64_t left = 0; left < columns; left += side) {
      for (std::int64_t row = top; row < std::min(top + side, rows); ++row) {
        for (std::int64_t column = left; column < std::min(left + side, columns); ++column) {
          order.push_back(row * columns + column);
        }
      }
      plan.ends.push_back(static_cast<std::int64_t>(order.size()) * grid.merge * grid.merge);
    }
  }
  plan.order = at::tensor(order, at::kLong);
  return plan;
}

}  // namespace orthoscribe::model
