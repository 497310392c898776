// SPDX-License-Identifier: GPL-2.0-or-later
// Images of Qwen2.5-VL and Qwen3-VL: one picture at a size near its own, as patches (reference/rscovlm.md 1.2 and 1.5).
#pragma once

#include <filesystem>

#include "core/base/smart_resize.h"
#include "core/vision/config_file.h"
#include "core/vision/image_processor.h"
#include "core/vision/normalisation.h"

namespace orthoscribe::vision {

// How pictures are resized before they are cut into patches. Both are bicubic with antialiasing; they differ by a level or two in
// few values.
enum class Resampling {
  Pillow,  // as the older processors of transformers and qwen_vl_utils do
  Torch,   // as the newer tensor processors do
};

struct PatchLayout {
  int side = 14;   // of a patch, pixels
  int merge = 2;   // patches along the square that becomes a token
  int frames = 2;  // pictures in a patch; a single picture stands in all of them
};

// Of preprocessor_config.json ("min_pixels" and "max_pixels", else "size", else the reference's own) and, before it, of
// orthoscribe.json ("minPixels", "maxPixels"). Throws Error{NotFound} when there is no preprocessor_config.json,
// Error{InvalidInput} naming file and field.
ResizeLimits readResizeLimits(const std::filesystem::path& modelDirectory);

// The size at which the picture is shown. Throws Error{InvalidInput} when a side is below 1 or one is more than 200 times the
// other.
PictureSize shownSize(int width, int height, const ResizeLimits& limits);

RgbImage resizeTo(const RgbImage& image, const PictureSize& size, Resampling resampling);

// float32 [1, rows, columns, merge * merge, 3 * frames * side * side]: squares of patches rows first, in them the patches rows
// first, each as channel, frame, row, column. The image's sides must be multiples of side * merge.
at::Tensor cutPatches(const RgbImage& image, const PatchLayout& layout, const Normalisation& normalisation);

class QwenProcessor : public ImageProcessor {
 public:
  // Also reads "resampling" of orthoscribe.json: "pillow" (the default) or "torch". Throws as readResizeLimits.
  QwenProcessor(const ConfigFile& config, const Normalisation& normalisation);

  ProcessedImage process(const RgbImage& image, int imageCount) const override;

 private:
  Normalisation normalisation_;
  PatchLayout layout_;
  ResizeLimits limits_;
  Resampling resampling_ = Resampling::Pillow;
};

}  // namespace orthoscribe::vision
