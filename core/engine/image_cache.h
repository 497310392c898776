// SPDX-License-Identifier: GPL-2.0-or-later
// Encoded images of the last questions, so that several questions about one picture encode it once.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>

#include "core/base/rgb_image.h"

namespace orthoscribe::engine {

// What an image is recognised by: SHA-256 of its size, its pixels and the number of images it shares a conversation with, which
// may change how it is cut.
std::string imageHash(const RgbImage& image, int imageCount);

// Rows of an image for the decoder, and the grid in which they stand; 0: they only follow each other.
struct EncodedImage {
  at::Tensor rows;
  std::int64_t gridRows = 0;
  std::int64_t gridColumns = 0;
};

class ImageCache {
 public:
  explicit ImageCache(std::size_t capacity = 8) : capacity_(capacity) {}

  // What is stored under that hash, which becomes the most recently used.
  std::optional<EncodedImage> find(const std::string& hash);
  // Drops the least recently used images above the capacity.
  void put(const std::string& hash, EncodedImage image);

 private:
  struct Entry {
    std::string hash;
    EncodedImage image;
  };
  std::size_t capacity_;
  std::list<Entry> entries_;  // most recently used first
};

}  // namespace orthoscribe::engine
