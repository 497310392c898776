// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/square_image.h"

#include <algorithm>
#include <cstdint>

#include "core/base/error.h"

namespace orthoscribe::vision {

RgbImage cutSquare(const RgbImage& image, int left, int top, int sidePx) {
  RgbImage square(sidePx, sidePx);
  for (int row = 0; row < sidePx; ++row) std::copy_n(image.at(left, top + row), sidePx * 3, square.at(0, row));
  return square;
}

RgbImage middleSquare(const RgbImage& image, int sidePx, ResampleFilter filter) {
  if (image.empty()) throw Error(ErrorCode::InvalidInput, "an empty image cannot be resized");
  const std::int64_t shorter = std::min(image.width, image.height);
  const auto scaled = [&](int length) { return static_cast<int>(static_cast<std::int64_t>(sidePx) * length / shorter); };
  const RgbImage whole = resize(image, scaled(image.width), scaled(image.height), filter);
  return cutSquare(whole, (whole.width - sidePx) / 2, (whole.height - sidePx) / 2, sidePx);
}

}  // namespace orthoscribe::vision
