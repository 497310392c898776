// SPDX-License-Identifier: GPL-2.0-or-later
// A hash that pictures share when they look alike: other compression, other size, slightly other light.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/rgb_image.h"

namespace orthoscribe::learn {

// pHash (Zauner 2010, section 3.2.1): the picture's mean brightness on 32 x 32 cells, its discrete cosine transform (DCT-II), of
// which rows and columns 1 to 8 give one bit each: above their median or not. Pictures without any structure give 0.
std::uint64_t perceptualHash(const RgbImage& image);

// Of the picture as it is, and of its other seven orientations (orientation.h, in their order).
std::array<std::uint64_t, 8> perceptualHashes(const RgbImage& image);

}  // namespace orthoscribe::learn
