// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/internvl_encoder.h"

#include <string>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::model {

InternVlEncoder::InternVlEncoder(VisionTransformer tower, PixelShuffleProjector projector, std::int64_t patchSide,
                                 std::int64_t shuffle)
    : tower_(std::move(tower)), projector_(std::move(projector)), patchSide_(patchSide), shuffle_(shuffle) {}

torch::Tensor InternVlEncoder::encode(const torch::Tensor& pixels, const Observer* observer) const {
  const torch::Tensor patches = tower_.forward(pixels, observer);
  const std::int64_t rows = pixels.size(2) / patchSide_;
  const std::int64_t columns = pixels.size(3) / patchSide_;
  if (rows % shuffle_ != 0 || columns % shuffle_ != 0) {
    throw Error(ErrorCode::InvalidInput, "an image tensor's sides must be multiples of " + std::to_string(patchSide_ * shuffle_) +
                                             " pixels for this model");
  }
  const torch::Tensor features = pixelShuffle(patches, rows, columns, shuffle_);
  tell(observer, "vision_features", features);
  const torch::Tensor projected = projector_.forward(features);
  tell(observer, "vision_projected", projected);
  return projected.flatten(0, 1);
}

}  // namespace orthoscribe::model
