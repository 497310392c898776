// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/multimodal_rotary.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/base/error.h"

namespace orthoscribe::model {

std::vector<std::int64_t> axesInSections(std::span<const std::int64_t> sections) {
  std::vector<std::int64_t> axes;
  for (std::size_t axis = 0; axis < sections.size(); ++axis) {
    axes.insert(axes.end(), static_cast<std::size_t>(sections[axis]), static_cast<std::int64_t>(axis));
  }
  return axes;
}

std::vector<std::int64_t> axesInterleaved(std::span<const std::int64_t> sections) {
  std::int64_t count = 0;
  for (const std::int64_t section : sections) count += section;
  std::vector<std::int64_t> axes(static_cast<std::size_t>(count), 0);
  for (std::int64_t axis = 1; axis < kPositionAxes; ++axis) {
    const std::int64_t end = std::min(count, kPositionAxes * sections[static_cast<std::size_t>(axis)]);
    for (std::int64_t i = axis; i < end; i += kPositionAxes) axes[static_cast<std::size_t>(i)] = axis;
  }
  return axes;
}

MultimodalRotary::MultimodalRotary(const RotaryConfig& config, const std::vector<std::int64_t>& axes)
    : axes_(at::tensor(axes, at::kLong)), frequencies_(inverseFrequencies(config.theta, config.headSize)) {}

RotaryTables MultimodalRotary::tables(const torch::Tensor& positions) const {
  const torch::Tensor chosen = positions.index_select(0, axes_.to(positions.device())).transpose(0, 1).to(at::kFloat);
  const torch::Tensor half = chosen * frequencies_.to(positions.device());
  const torch::Tensor angles = at::cat({half, half}, -1);
  return {angles.cos(), angles.sin()};
}

at::Tensor multimodalPositions(std::int64_t length, std::span<const ImagePlace> images) {
  const auto options = at::TensorOptions().dtype(at::kLong);
  at::Tensor positions = at::empty({kPositionAxes, length}, options);
  std::int64_t token = 0;
  std::int64_t position = 0;
  const auto writeText = [&](std::int64_t end) {
    const std::int64_t count = end - token;
    positions.narrow(1, token, count).copy_(at::arange(position, position + count, options));
    token = end;
    position += count;
  };
  for (const ImagePlace& image : images) {
    const std::int64_t count = image.rows * image.columns;
    if (image.rows < 1 || image.columns < 1 || image.begin < token || image.begin + count > length) {
      throw Error(ErrorCode::InvalidInput, "an image of " + std::to_string(image.rows) + " x " + std::to_string(image.columns) +
                                               " tokens does not fit at token " + std::to_string(image.begin) + " of " +
                                               std::to_string(length));
    }
    writeText(image.begin);
    at::Tensor place = positions.narrow(1, token, count);
    const at::Tensor rows = at::arange(position, position + image.rows, options);
    const at::Tensor columns = at::arange(position, position + image.columns, options);
    place[0].fill_(position);
    place[1].copy_(rows.repeat_interleave(image.columns));
    place[2].copy_(columns.repeat({image.rows}));
    token += count;
    position += std::max(image.rows, image.columns);
  }
  writeText(length);
  return positions;
}

}  // namespace orthoscribe::model
