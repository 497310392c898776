// SPDX-License-Identifier: GPL-2.0-or-later
// Squares out of images.
#pragma once

#include "core/base/rgb_image.h"
#include "core/vision/resize.h"

namespace orthoscribe::vision {

// The square of that side whose upper left corner is at (left, top). It must lie inside the image.
RgbImage cutSquare(const RgbImage& image, int left, int top, int sidePx);

// CLIP's way: the shorter edge becomes sidePx and the other keeps the shape, rounded down; then the square in the middle, which
// leans left and up by half a pixel where it must (transformers, CLIPImageProcessor). Throws as resize.
RgbImage middleSquare(const RgbImage& image, int sidePx, ResampleFilter filter);

}  // namespace orthoscribe::vision
