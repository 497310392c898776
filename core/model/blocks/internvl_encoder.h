// SPDX-License-Identifier: GPL-2.0-or-later
// InternVL's eyes in both layouts of its files: vision transformer, pixel shuffle, projector.
#pragma once

#include <cstdint>

#include "core/model/blocks/image_encoder.h"
#include "core/model/blocks/pixel_shuffle_projector.h"
#include "core/model/blocks/vision_transformer.h"

namespace orthoscribe::model {

class InternVlEncoder : public ImageEncoder {
 public:
  // shuffle: side of the square of patches that become one token.
  InternVlEncoder(VisionTransformer tower, PixelShuffleProjector projector, std::int64_t patchSide, std::int64_t shuffle);

  // As ImageEncoder; the sides must be multiples of patchSide * shuffle.
  torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const override;

 private:
  VisionTransformer tower_;
  PixelShuffleProjector projector_;
  std::int64_t patchSide_;
  std::int64_t shuffle_;
};

}  // namespace orthoscribe::model
