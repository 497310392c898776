// SPDX-License-Identifier: GPL-2.0-or-later
// An image as models see it: 8-bit RGB, rows from the top, no padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orthoscribe {

struct RgbImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // width * height * 3, R G B R G B ...

  RgbImage() = default;
  RgbImage(int widthPx, int heightPx)
      : width(widthPx), height(heightPx), pixels(static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx) * 3) {}

  std::uint8_t* at(int column, int row) {
    return pixels.data() +
           (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)) * 3;
  }
  const std::uint8_t* at(int column, int row) const {
    return pixels.data() +
           (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)) * 3;
  }
  bool empty() const { return pixels.empty(); }
  bool operator==(const RgbImage&) const = default;
};

}  // namespace orthoscribe
