// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/patched_images.h"

#include <ATen/ATen.h>

#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/verify/pixel_checks.h"
#include "core/engine/verify/tensors.h"
#include "core/vision/qwen_processor.h"

namespace orthoscribe::engine::verify {
namespace {

struct Preparation {
  vision::PatchLayout layout;
  vision::Normalisation normalisation;
  double tolerance = 0.0;
};

std::optional<PictureSize> sizeOf(const nlohmann::json& row, int factor) {
  const ResizeLimits limits = {.factor = factor, .minPixels = row.at("min_pixels"), .maxPixels = row.at("max_pixels")};
  try {
    return vision::shownSize(row.at("width"), row.at("height"), limits);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Rows {width, height, min_pixels, max_pixels, resized_width, resized_height}; "error" in place of the result where the reference
// refuses.
void compareSizes(const nlohmann::json& rows, int factor, CaseResult& result) {
  std::int64_t differences = 0;
  std::string example;
  for (const nlohmann::json& row : rows) {
    const std::optional<PictureSize> ours = sizeOf(row, factor);
    std::optional<PictureSize> theirs;
    if (!row.contains("error")) theirs = PictureSize{row.at("resized_width"), row.at("resized_height")};
    if (ours == theirs) continue;
    if (differences++ == 0)
      example = (ours ? std::to_string(ours->width) + " x " + std::to_string(ours->height) : "refused") + ": " + row.dump();
  }
  result.checks.push_back(exactly("smart_resize", differences, static_cast<std::int64_t>(rows.size()), example));
}

void compareResampled(const std::string& name, const std::string& label, const RgbImage& shown, const Preparation& preparation,
                      const nlohmann::json& entry, const TensorFolder& tensors, CaseResult& result) {
  // "at most 1 level, on at most 0.5 % of the values"
  if (const auto expected = tensors.find(name + ".resized_u8_" + label))
    result.checks.push_back(compareBytes(name + " bytes " + label, tensorOf(shown), *expected, 1.0, 0.005));
  const at::Tensor patches = vision::cutPatches(shown, preparation.layout, preparation.normalisation).flatten(0, 3);
  if (const auto expected = tensors.find(name + ".pixel_values_" + label))
    result.checks.push_back(compareTensors(name + " pixel_values " + label, patches, *expected, preparation.tolerance));
  if (entry.contains("pixel_values_" + label))
    comparePixelValues(name + " " + label, patches, entry["pixel_values_" + label], preparation.tolerance, result);
}

void compareImage(const std::string& name, const RgbImage& image, const ResizeLimits& limits, const Preparation& preparation,
                  const nlohmann::json& entry, const TensorFolder& tensors, CaseResult& result) {
  const PictureSize size = vision::shownSize(image.width, image.height, limits);
  const std::vector<std::int64_t> ours = {1, size.height / preparation.layout.side, size.width / preparation.layout.side,
                                          size.height, size.width};
  std::vector<std::int64_t> theirs = entry.at("image_grid_thw");
  theirs.push_back(entry.at("resized_height"));
  theirs.push_back(entry.at("resized_width"));
  result.checks.push_back(sameIds(name + " grid and size", ours, theirs));
  if (!result.checks.back().holds()) return;
  for (const auto& [label, resampling] :
       {std::pair("pil", vision::Resampling::Pillow), std::pair("torchvision", vision::Resampling::Torch)})
    compareResampled(name, label, vision::resizeTo(image, size, resampling), preparation, entry, tensors, result);
}

}  // namespace

void comparePatches(const JsonFixture& file, CaseResult& result) {
  const nlohmann::json& content = *file.content;
  const Preparation preparation = {.layout = {.side = content.at("patch_size"),
                                              .merge = content.at("merge_size"),
                                              .frames = content.at("temporal_patch_size")},
                                   .normalisation = normalisationOf(content),
                                   .tolerance = content.at("tolerances").at("pixel_values")};
  const int factor = preparation.layout.side * preparation.layout.merge;
  compareSizes(content.at("smart_resize"), factor, result);
  const ResizeLimits limits = {.factor = factor, .minPixels = content.at("min_pixels"), .maxPixels = content.at("max_pixels")};
  // The files of both families lie side by side and name their tensors alike.
  const TensorFolder tensors(file.path.parent_path(), file.path.stem().string() + "_");
  for (const auto& [name, entry] : content.at("images").items())
    compareImage(name, imageOf(file, entry), limits, preparation, entry, tensors, result);
}

}  // namespace orthoscribe::engine::verify
