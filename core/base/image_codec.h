// SPDX-License-Identifier: GPL-2.0-or-later
// PNG and JPEG in memory, for images that travel in requests and lie in fixtures. Rasters of maps are read by core/geo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/rgb_image.h"

namespace orthoscribe {

struct DecodeLimits {
  std::int64_t maxPixels = 100'000'000;
};

// PNG or JPEG by content. Grey becomes RGB, palettes are expanded, alpha is dropped (not blended), 16-bit samples become
// floor(v / 257 + 0.5) (parity/README.md, preprocess_vectors). `name` is used in messages.
// Throws Error{InvalidInput} for anything else, for damaged data and for images above the limit.
RgbImage decodeImage(std::span<const std::byte> bytes, std::string_view name, const DecodeLimits& limits = {});

// Throws as decodeImage, and Error{NotFound} when the file cannot be read.
RgbImage readImageFile(const std::filesystem::path& path, const DecodeLimits& limits = {});

std::vector<std::byte> encodePng(const RgbImage& image);
// quality: 1..100, 4:4:4 chroma.
std::vector<std::byte> encodeJpeg(const RgbImage& image, int quality = 92);

// "data:image/png;base64,..." <-> bytes. parseDataUrl throws Error{InvalidInput} when it is not a base64 data URL of an image.
std::string pngDataUrl(const RgbImage& image);
std::vector<std::byte> parseDataUrl(std::string_view url);

}  // namespace orthoscribe
