// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/image_cache.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/base/sha256.h"

namespace orthoscribe::engine {

std::string imageHash(const RgbImage& image, int imageCount) {
  Sha256 hash;
  const std::array<int, 3> head = {image.width, image.height, imageCount};
  hash.update(std::as_bytes(std::span(head)));
  hash.update(std::as_bytes(std::span(image.pixels)));
  return hash.finish();
}

std::optional<EncodedImage> ImageCache::find(const std::string& hash) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.hash == hash; });
  if (found == entries_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().image;
}

void ImageCache::put(const std::string& hash, EncodedImage image) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.hash == hash; });
  entries_.push_front({hash, std::move(image)});
  if (entries_.size() > capacity_) entries_.pop_back();
}

}  // namespace orthoscribe::engine
