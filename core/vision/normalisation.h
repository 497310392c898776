// SPDX-License-Identifier: GPL-2.0-or-later
// 8-bit pixels to the numbers a network was trained on.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <filesystem>
#include <vector>

#include "core/base/rgb_image.h"

namespace orthoscribe::vision {

// Per channel, red first; of samples in 0..1.
struct Normalisation {
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  // ImageNet's
  std::array<float, 3> deviation{0.229f, 0.224f, 0.225f};
};

// "image_mean" and "image_std" of the folder's preprocessor_config.json; the fallback's (ImageNet's) where the file or a field is
// missing. Throws Error{InvalidInput} naming the file and field.
Normalisation readNormalisation(const std::filesystem::path& modelDirectory, const Normalisation& fallback = {});

// (sample / 255 - mean) / deviation in float32: [images, 3, H, W] on the CPU. All images of one size, at least one.
at::Tensor toTensor(const std::vector<RgbImage>& images, const Normalisation& normalisation);

}  // namespace orthoscribe::vision
