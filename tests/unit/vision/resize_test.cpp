// SPDX-License-Identifier: GPL-2.0-or-later
// Expected values come from Pillow 11.1, Image.resize.
#include "core/vision/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>

#include "core/base/error.h"
#include "core/base/sha256.h"

namespace orthoscribe::vision {
namespace {

RgbImage pattern(int width, int height) {
  RgbImage image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c)
        image.at(x, y)[c] = static_cast<std::uint8_t>((x * x * 7 + y * 53 + c * 89 + x * y * (c + 3) * 5) % 256);
    }
  }
  return image;
}

std::string shortHash(const RgbImage& image) {
  return sha256Hex(std::as_bytes(std::span(image.pixels))).substr(0, 16);
}

TEST(Resize, SmallImageEqualsPillow) {
  using testing::ElementsAre;
  const RgbImage image = pattern(5, 4);
  EXPECT_THAT(resize(image, 3, 2, ResampleFilter::Box).pixels,
              ElementsAre(34, 125, 151, 70, 164, 130, 141, 111, 144, 155, 187, 90, 108, 94, 80, 96, 165, 169));
  EXPECT_THAT(resize(image, 3, 2, ResampleFilter::Bilinear).pixels,
              ElementsAre(45, 136, 143, 82, 134, 136, 131, 122, 141, 139, 186, 91, 111, 129, 103, 115, 146, 166));
  EXPECT_THAT(resize(image, 3, 2, ResampleFilter::Bicubic).pixels,
              ElementsAre(36, 134, 145, 79, 134, 138, 135, 118, 141, 149, 191, 85, 112, 126, 101, 111, 147, 170));
  EXPECT_THAT(resize(image, 3, 2, ResampleFilter::Lanczos).pixels,
              ElementsAre(33, 138, 140, 79, 132, 141, 134, 117, 143, 156, 193, 81, 114, 125, 96, 110, 145, 172));
}

struct Sizes {
  int width, height, newWidth, newHeight;
  const char* box;
  const char* bilinear;
  const char* bicubic;
  const char* lanczos;
};

class ResizeSizes : public testing::TestWithParam<Sizes> {};

TEST_P(ResizeSizes, EveryByteEqualsPillow) {
  const Sizes& sizes = GetParam();
  const RgbImage image = pattern(sizes.width, sizes.height);
  const auto hash = [&](ResampleFilter filter) { return shortHash(resize(image, sizes.newWidth, sizes.newHeight, filter)); };
  EXPECT_EQ(hash(ResampleFilter::Box), sizes.box);
  EXPECT_EQ(hash(ResampleFilter::Bilinear), sizes.bilinear);
  EXPECT_EQ(hash(ResampleFilter::Bicubic), sizes.bicubic);
  EXPECT_EQ(hash(ResampleFilter::Lanczos), sizes.lanczos);
}

INSTANTIATE_TEST_SUITE_P(
    Pillow, ResizeSizes,
    testing::Values(Sizes{37, 23, 8, 5, "b7830d9c2ea7f490", "4c497b64b6e01677", "34d4b05a55e1f2af", "edf12e3b2795a960"},
                    Sizes{37, 23, 90, 71, "456f886b23c0971c", "c7944247899552b8", "3fb006668018d715", "0bba9fd88b415099"},
                    Sizes{37, 23, 37, 11, "e24aa0e1b8b90db5", "1e9dbb8511f1b211", "9281f6090c3c90ea", "876210edccc26436"},
                    Sizes{37, 23, 12, 23, "d4688264f6d26d94", "273087b521ab1b5b", "bee912212fbf8a43", "83dcf2f53e96b27d"},
                    Sizes{200, 3, 7, 50, "e3c6404184f6f7fd", "2b49f94b1a6a55ac", "ea5b73dfa164b763", "097dbad3b05081a5"},
                    Sizes{1, 1, 4, 4, "c0f7a9c4542df434", "c0f7a9c4542df434", "c0f7a9c4542df434", "c0f7a9c4542df434"},
                    Sizes{640, 480, 97, 131, "aea6a45fbc4c8d51", "9cbf249507c89c16", "07eb0325dd4933d4", "a36936767004b993"},
                    // Both passes asked of Pillow singly, height first.
                    Sizes{33, 70, 56, 56, "8e7cd32b9a2df878", "77453f0a303274bf", "c4b24f5f3b6a8e1f", "9a4d6d87a21309ef"},
                    Sizes{66, 80, 56, 56, "62c12a0880a9c6da", "9dfe0cfd0dd62a37", "b6b97ecc6013fa89", "9a48bb48f3e5c59b"}));

TEST(Resize, SameSizeChangesNothing) {
  EXPECT_EQ(resize(pattern(9, 7), 9, 7, ResampleFilter::Bicubic), pattern(9, 7));
}

TEST(Resize, RefusesEmptyImagesAndSizes) {
  EXPECT_THROW(resize(RgbImage(), 2, 2, ResampleFilter::Box), Error);
  EXPECT_THROW(resize(pattern(2, 2), 0, 2, ResampleFilter::Box), Error);
}

}  // namespace
}  // namespace orthoscribe::vision
