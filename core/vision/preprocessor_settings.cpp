// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/preprocessor_settings.h"

#include <cmath>
#include <string>

namespace orthoscribe::vision {
namespace {

constexpr std::int64_t kMaxSidePx = 4096;
const Normalisation kClip{.mean = {0.48145466f, 0.4578275f, 0.40821073f}, .deviation = {0.26862954f, 0.26130258f, 0.27577711f}};

int readSide(const ConfigFile& file, const std::string& field) {
  const auto at = [&](const std::string& name) { return static_cast<int>(file.integer(name, 1, kMaxSidePx)); };
  if (file.has(field + ".shortest_edge")) return at(field + ".shortest_edge");
  if (!file.has(field + ".height")) return at(field);
  if (at(field + ".height") != at(field + ".width")) file.unsupported(field, "a shape that is not square");
  return at(field + ".height");
}

// Pillow's numbers.
ResampleFilter readFilter(const ConfigFile& file) {
  switch (file.integerOr("resample", 3, 0, 5)) {
    case 1:
      return ResampleFilter::Lanczos;
    case 2:
      return ResampleFilter::Bilinear;
    case 3:
      return ResampleFilter::Bicubic;
    case 4:
      return ResampleFilter::Box;
    default:
      file.unsupported("resample", "this filter");
  }
}

}  // namespace

PreprocessorSettings readPreprocessorSettings(const ConfigFile& preprocessor) {
  for (const char* step : {"do_resize", "do_rescale", "do_normalize"}) {
    if (!preprocessor.boolOr(step, true)) preprocessor.unsupported(step, "leaving this step out");
  }
  if (preprocessor.has("rescale_factor") && std::abs(preprocessor.number("rescale_factor") * 255.0 - 1.0) > 1e-6)
    preprocessor.unsupported("rescale_factor", "another factor than 1/255");
  PreprocessorSettings settings{.sidePx = readSide(preprocessor, "size"),
                                .keepsShape = preprocessor.boolOr("do_center_crop", false),
                                .filter = readFilter(preprocessor),
                                .normalisation = readNormalisation(preprocessor.path().parent_path(), kClip)};
  if (settings.keepsShape && preprocessor.has("crop_size") && readSide(preprocessor, "crop_size") != settings.sidePx)
    preprocessor.unsupported("crop_size", "a crop of another side than size");
  if (!settings.keepsShape && preprocessor.has("size.shortest_edge"))
    preprocessor.unsupported("size.shortest_edge", "an image that is not cut to a square");
  return settings;
}

ConfigFile preprocessorFileBeside(const ConfigFile& config) {
  return ConfigFile(config.path().parent_path() / "preprocessor_config.json");
}

}  // namespace orthoscribe::vision
