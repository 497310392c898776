// SPDX-License-Identifier: GPL-2.0-or-later
// Pixels to tensors: one processor per kind of family.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/rgb_image.h"

namespace orthoscribe::vision {

struct ProcessedImage {
  at::Tensor pixelValues;        // float32 [tiles, 3, H, W], on the CPU
  std::int64_t gridColumns = 1;  // tiles side by side, without thumbnail
  std::int64_t gridRows = 1;
  std::int64_t tokens = 0;  // image tokens that the prompt must hold
};

class ImageProcessor {
 public:
  virtual ~ImageProcessor() = default;
  // imageCount: images in the whole conversation, which share the budget of tiles where a family says so.
  virtual ProcessedImage process(const RgbImage& image, int imageCount) const = 0;
};

// Chosen by the family in config.json; reads preprocessor_config.json where the family has one. Throws Error{Unsupported}.
std::unique_ptr<ImageProcessor> loadImageProcessor(const std::filesystem::path& modelDirectory);

}  // namespace orthoscribe::vision
