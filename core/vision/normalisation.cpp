// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/normalisation.h"

#include <ATen/ops/empty.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"
#include "core/vision/config_file.h"

namespace orthoscribe::vision {
namespace {

void readChannels(const ConfigFile& config, const char* field, std::array<float, 3>& values) {
  if (!config.has(field)) return;
  const std::vector<double> numbers = config.numbers(field);
  if (numbers.size() != 3) config.fail(field, "three numbers were expected");
  for (std::size_t i = 0; i < 3; ++i) values[i] = static_cast<float>(numbers[i]);
}

using Levels = std::array<float, 256>;

Levels levelsOf(float mean, float deviation) {
  Levels levels{};
  for (std::size_t level = 0; level < levels.size(); ++level) {
    levels[level] = (static_cast<float>(level) / 255.0f - mean) / deviation;
  }
  return levels;
}

void writePlane(const RgbImage& image, std::size_t channel, const Levels& levels, float* plane) {
  const std::size_t count = image.pixels.size() / 3;
  for (std::size_t i = 0; i < count; ++i) plane[i] = levels[image.pixels[i * 3 + channel]];
}

}  // namespace

Normalisation readNormalisation(const std::filesystem::path& modelDirectory, const Normalisation& fallback) {
  Normalisation normalisation = fallback;
  std::error_code ignored;
  const std::filesystem::path file = modelDirectory / "preprocessor_config.json";
  if (!std::filesystem::exists(file, ignored)) return normalisation;
  const ConfigFile config(file);
  readChannels(config, "image_mean", normalisation.mean);
  readChannels(config, "image_std", normalisation.deviation);
  for (const float deviation : normalisation.deviation) {
    if (!(deviation > 0.0f)) config.fail("image_std", "positive numbers were expected");
  }
  return normalisation;
}

at::Tensor toTensor(const std::vector<RgbImage>& images, const Normalisation& normalisation) {
  const RgbImage& first = images.at(0);
  const auto planeSize = static_cast<std::size_t>(first.width) * static_cast<std::size_t>(first.height);
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(images.size()), 3, first.height, first.width}, at::kFloat);
  auto* plane = tensor.mutable_data_ptr<float>();
  std::array<Levels, 3> levels{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    levels[channel] = levelsOf(normalisation.mean[channel], normalisation.deviation[channel]);
  }
  for (const RgbImage& image : images) {
    if (image.width != first.width || image.height != first.height)
      throw Error(ErrorCode::Internal, "images of unequal sizes in one tensor");
    for (std::size_t channel = 0; channel < 3; ++channel, plane += planeSize) writePlane(image, channel, levels[channel], plane);
  }
  return tensor;
}

}  // namespace orthoscribe::vision
