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
  at::Tensor pixelValues;        // float32 on the CPU: [tiles, 3, H, W], or patches as cutPatches gives them
  std::int64_t gridColumns = 1;  // tiles side by side, without thumbnail; or patches
  std::int64_t gridRows = 1;
  std::int64_t tokens = 0;     // image tokens that the prompt must hold
  std::int64_t tokenRows = 0;  // the grid in which they stand, rows first; 0: they only follow each other
  std::int64_t tokenColumns = 0;
};

class ImageProcessor {
 public:
  virtual ~ImageProcessor() = default;
  // imageCount: images that share the tiles which one alone may have.
  virtual ProcessedImage process(const RgbImage& image, int imageCount) const = 0;
};

// Chosen by the family in config.json; reads preprocessor_config.json where the family has one. Throws Error{Unsupported}.
std::unique_ptr<ImageProcessor> loadImageProcessor(const std::filesystem::path& modelDirectory);

}  // namespace orthoscribe::vision
