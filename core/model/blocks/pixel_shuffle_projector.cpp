// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/pixel_shuffle_projector.h"

#include <ATen/ATen.h>

namespace orthoscribe::model {
namespace {

// Torch's default, which the published model was made with.
constexpr double kNormEpsilon = 1e-5;

}  // namespace

torch::Tensor pixelShuffle(const torch::Tensor& patches, std::int64_t rows, std::int64_t columns, std::int64_t factor) {
  const std::int64_t tiles = patches.size(0);
  const std::int64_t channels = patches.size(2);
  return patches.reshape({tiles, rows / factor, factor, columns / factor, factor, channels})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({tiles, (rows / factor) * (columns / factor), factor * factor * channels});
}

PixelShuffleProjector::PixelShuffleProjector(const Scope& scope, std::int64_t inputs, std::int64_t outputs,
                                             const PixelShuffleProjectorNames& names, Adapters adapters)
    : norm_(scope.sub(names.norm), inputs, kNormEpsilon),
      first_(scope.sub(names.first), {.inputs = inputs, .outputs = outputs, .bias = true, .parts = {}}, adapters),
      second_(scope.sub(names.second), {.inputs = outputs, .outputs = outputs, .bias = true, .parts = {}}, adapters) {}

torch::Tensor PixelShuffleProjector::forward(const torch::Tensor& features) const {
  return second_.forward(at::gelu(first_.forward(norm_.forward(features))));
}

}  // namespace orthoscribe::model
