// SPDX-License-Identifier: GPL-2.0-or-later
// Rows of pictures among the embeddings of words, as a decoder begins with them; differentiable in both.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace orthoscribe::learn {

struct PictureRows {
  torch::Tensor rows;      // [R, hidden * (1 + layers)], as a network's encodeImage gives them
  std::int64_t begin = 0;  // of the flattened places: row of the batch * length + place
};

struct DecoderInput {
  torch::Tensor embeddings;          // [N, S, hidden]
  std::vector<torch::Tensor> added;  // of the same shape, to what comes out of each of the first layers
};

// words: [N, S, hidden]. layers: how many layers pictures add rows to.
DecoderInput withPictures(const torch::Tensor& words, std::span<const PictureRows> pictures, std::int64_t layers);

}  // namespace orthoscribe::learn
