// SPDX-License-Identifier: GPL-2.0-or-later
// From prepared pixels to rows that stand among a decoder's token embeddings.
#pragma once

#include <torch/types.h>

#include "core/model/network.h"

namespace orthoscribe::model {

class ImageEncoder {
 public:
  virtual ~ImageEncoder() = default;

  // pixels in the encoder's precision and on its device, [tiles, 3, H, W] or the shape that the family's image processor gives ->
  // [imageTokens, hidden of the decoder * (1 + addedLayers())], tile by tile, rows first. Throws Error{InvalidInput} for sizes
  // that the tower cannot cut into patches.
  virtual torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const = 0;

  // As Network::encodeImageFor.
  virtual bool readsQuestion() const { return false; }
  virtual torch::Tensor encodeFor(const torch::Tensor& pixels, const torch::Tensor& question, const Observer* observer) const {
    (void)question;
    return encode(pixels, observer);
  }
  // To how many of the decoder's first layers an image adds rows of its own (Qwen3-VL's deepstack): they stand behind the row
  // that goes in at the beginning, hidden columns for each layer.
  virtual std::int64_t addedLayers() const { return 0; }
};

}  // namespace orthoscribe::model
