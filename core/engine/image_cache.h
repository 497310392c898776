// SPDX-License-Identifier: GPL-2.0-or-later
// Encoded images of the last questions, so that several questions about one picture encode it once.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <list>
#include <optional>
#include <string>

#include "core/base/rgb_image.h"

namespace orthoscribe::engine {

// What an image is recognised by: SHA-256 of its size, its pixels and the number of images it shares a conversation with, which
// may change how it is cut.
std::string imageHash(const RgbImage& image, int imageCount);

class ImageCache {
 public:
  explicit ImageCache(std::size_t capacity = 8) : capacity_(capacity) {}

  // The rows stored under that hash, which become the most recently used.
  std::optional<at::Tensor> find(const std::string& hash);
  // Drops the least recently used rows above the capacity.
  void put(const std::string& hash, at::Tensor rows);

 private:
  struct Entry {
    std::string hash;
    at::Tensor rows;
  };
  std::size_t capacity_;
  std::list<Entry> entries_;  // most recently used first
};

}  // namespace orthoscribe::engine
