// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL's way from patches to decoder rows: neighbouring patches become one token, then a small network (skynova.md
// section 1.6).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "core/model/blocks/linear.h"
#include "core/model/blocks/norm.h"
#include "core/model/network.h"

namespace orthoscribe::model {

// patches [tiles, rows * columns, C], rows first -> [tiles, rows/factor * columns/factor, C * factor^2]: each token holds the
// channels of factor x factor patches, rows first ("v2"; v1 leaves the grid transposed). rows and columns are multiples of
// factor.
torch::Tensor pixelShuffle(const torch::Tensor& patches, std::int64_t rows, std::int64_t columns, std::int64_t factor);

// What a checkpoint calls them; those of InternVL-chat.
struct PixelShuffleProjectorNames {
  std::string norm = "0";
  std::string first = "1";
  std::string second = "3";
};

// Layer norm, linear, GELU, linear.
class PixelShuffleProjector {
 public:
  PixelShuffleProjector(const Scope& scope, std::int64_t inputs, std::int64_t outputs,
                        const PixelShuffleProjectorNames& names = {}, Adapters adapters = {});
  // [.., inputs] -> [.., outputs]
  torch::Tensor forward(const torch::Tensor& features) const;

 private:
  LayerNorm norm_;
  Linear first_, second_;
};

}  // namespace orthoscribe::model
