// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/qwen_processor.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/vision/resize.h"

namespace orthoscribe::vision {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLargestSide = 1024;
constexpr std::int64_t kLargestPicture = std::int64_t{1} << 40;
constexpr int kLargestRatio = 200;

ConfigFile preprocessorFile(const fs::path& modelDirectory) {
  return ConfigFile(modelDirectory / "preprocessor_config.json");
}

std::optional<ConfigFile> ownFile(const fs::path& modelDirectory) {
  std::error_code ignored;
  const fs::path file = modelDirectory / "orthoscribe.json";
  return fs::exists(file, ignored) ? std::optional<ConfigFile>(file) : std::nullopt;
}

PatchLayout readLayout(const ConfigFile& file) {
  const auto read = [&](const char* field, int fallback) {
    return static_cast<int>(file.integerOr(field, fallback, 1, kLargestSide));
  };
  const PatchLayout usual;
  return {.side = read("patch_size", usual.side),
          .merge = read("merge_size", usual.merge),
          .frames = read("temporal_patch_size", usual.frames)};
}

std::int64_t readPixels(const ConfigFile& file, const char* field, const char* inSize, std::int64_t fallback) {
  return file.integerOr(file.has(field) ? field : inSize, fallback, 1, kLargestPicture);
}

Resampling readResampling(const fs::path& modelDirectory) {
  const std::optional<ConfigFile> own = ownFile(modelDirectory);
  if (!own || !own->has("resampling")) return Resampling::Pillow;
  const std::string name = own->text("resampling");
  if (name != "pillow" && name != "torch") own->fail("resampling", "\"pillow\" or \"torch\" was expected");
  return name == "torch" ? Resampling::Torch : Resampling::Pillow;
}

RgbImage resizeAsTorch(const RgbImage& image, const PictureSize& size) {
  if (image.width == size.width && image.height == size.height) return image;
  const at::Tensor pixels =
      at::from_blob(const_cast<std::uint8_t*>(image.pixels.data()), {1, image.height, image.width, 3}, at::kByte);
  // The same memory as [1, 3, H, W], channels last.
  const at::Tensor resized = at::_upsample_bicubic2d_aa(pixels.permute({0, 3, 1, 2}), {size.height, size.width}, false);
  const at::Tensor rows = resized.permute({0, 2, 3, 1}).contiguous();
  RgbImage result(size.width, size.height);
  std::copy_n(rows.const_data_ptr<std::uint8_t>(), result.pixels.size(), result.pixels.begin());
  return result;
}

}  // namespace

ResizeLimits readResizeLimits(const fs::path& modelDirectory) {
  const ConfigFile file = preprocessorFile(modelDirectory);
  if (!file.boolOr("do_resize", true)) file.unsupported("do_resize", "a model that takes pictures as they are");
  const PatchLayout layout = readLayout(file);
  // Where a file leaves them out, transformers takes 56 x 56 and 28 x 28 x 1280.
  ResizeLimits limits{.factor = layout.side * layout.merge,
                      .minPixels = readPixels(file, "min_pixels", "size.shortest_edge", 4 * 784),
                      .maxPixels = readPixels(file, "max_pixels", "size.longest_edge", 1280 * 784)};
  if (limits.minPixels > limits.maxPixels) file.fail("min_pixels", "is above max_pixels");
  if (const std::optional<ConfigFile> own = ownFile(modelDirectory)) {
    limits.minPixels = own->integerOr("minPixels", limits.minPixels, 1, kLargestPicture);
    limits.maxPixels = own->integerOr("maxPixels", limits.maxPixels, 1, kLargestPicture);
    if (limits.minPixels > limits.maxPixels) own->fail("minPixels", "is above the largest number of pixels");
  }
  return limits;
}

PictureSize shownSize(int width, int height, const ResizeLimits& limits) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) throw Error(ErrorCode::InvalidInput, "an image of " + size + " cannot be resized");
  if (static_cast<double>(std::max(width, height)) / std::min(width, height) > kLargestRatio) {
    throw Error(
        ErrorCode::InvalidInput,
        "an image of " + size + " is too thin: one side is more than " + std::to_string(kLargestRatio) + " times the other",
        "show the model a wider part");
  }
  return smartResize(width, height, limits);
}

RgbImage resizeTo(const RgbImage& image, const PictureSize& size, Resampling resampling) {
  if (resampling == Resampling::Torch) return resizeAsTorch(image, size);
  return resize(image, size.width, size.height, ResampleFilter::Bicubic);
}

at::Tensor cutPatches(const RgbImage& image, const PatchLayout& layout, const Normalisation& normalisation) {
  const std::int64_t side = layout.side;
  const std::int64_t merge = layout.merge;
  const std::int64_t square = side * merge;
  if (image.empty() || image.width % square != 0 || image.height % square != 0) {
    throw Error(ErrorCode::InvalidInput, "an image's sides must be multiples of " + std::to_string(square) + " pixels");
  }
  const std::int64_t rows = image.height / square;
  const std::int64_t columns = image.width / square;
  const at::Tensor pixels = toTensor({image}, normalisation).view({3, rows, merge, side, columns, merge, side});
  return pixels.permute({1, 4, 2, 5, 0, 3, 6})
      .unsqueeze(5)
      .expand({rows, columns, merge, merge, 3, layout.frames, side, side})
      .reshape({1, rows, columns, merge * merge, 3 * layout.frames * side * side});
}

QwenProcessor::QwenProcessor(const ConfigFile& config, const Normalisation& normalisation)
    : normalisation_(normalisation),
      layout_(readLayout(preprocessorFile(config.path().parent_path()))),
      limits_(readResizeLimits(config.path().parent_path())),
      resampling_(readResampling(config.path().parent_path())) {}

ProcessedImage QwenProcessor::process(const RgbImage& image, int) const {
  const RgbImage shown = resizeTo(image, shownSize(image.width, image.height, limits_), resampling_);
  const std::int64_t tokenRows = shown.height / limits_.factor;
  const std::int64_t tokenColumns = shown.width / limits_.factor;
  return {.pixelValues = cutPatches(shown, layout_, normalisation_),
          .gridColumns = tokenColumns * layout_.merge,
          .gridRows = tokenRows * layout_.merge,
          .tokens = tokenRows * tokenColumns,
          .tokenRows = tokenRows,
          .tokenColumns = tokenColumns};
}

}  // namespace orthoscribe::vision
