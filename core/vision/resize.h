// SPDX-License-Identifier: GPL-2.0-or-later
// Image resizing equal to Pillow's, bit for bit: models were trained on its results.
#pragma once

#include "core/base/rgb_image.h"

namespace orthoscribe::vision {

// Support on each side, in pixels of the larger of both images' scales: 0.5, 1, 2 (a = -0.5), 3.
enum class ResampleFilter { Box, Bilinear, Bicubic, Lanczos };

// Antialiased when shrinking: the filter is stretched by the scale. Two passes, each rounded to 8 bits after sums in fixed point
// with 22 fraction bits (Pillow, src/libImaging/Resample.c). An axis that keeps its length is left as it is. Along rows first,
// unless the height shrinks by more than twice the pixels that the width does: so does Pillow since version 13 (pull request
// 9549); before, it always went along rows first, which differs by few levels. Throws Error{InvalidInput} for an empty image and
// for sizes below 1.
RgbImage resize(const RgbImage& image, int width, int height, ResampleFilter filter);

}  // namespace orthoscribe::vision
