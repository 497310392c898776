// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/smart_resize.h"

#include <gtest/gtest.h>

#include <ostream>

namespace orthoscribe {

static std::ostream& operator<<(std::ostream& stream, const PictureSize& size) {
  return stream << size.width << " x " << size.height;
}

namespace {

constexpr ResizeLimits kWide = {.factor = 28, .minPixels = 3136, .maxPixels = 12845056};
constexpr ResizeLimits kQwen3 = {.factor = 32, .minPixels = 65536, .maxPixels = 16777216};

TEST(SmartResize, KeepsMultiplesWithinTheLimits) {
  EXPECT_EQ(smartResize(1008, 644, kWide), (PictureSize{1008, 644}));
  EXPECT_EQ(smartResize(256, 1024, kQwen3), (PictureSize{256, 1024}));
}

// 42 / 28 = 1.5 and 98 / 28 = 3.5 go to the even neighbours 2 and 4, 70 / 28 = 2.5 to 2.
TEST(SmartResize, RoundsHalvesToEven) {
  EXPECT_EQ(smartResize(98, 70, kWide), (PictureSize{112, 56}));
  EXPECT_EQ(smartResize(42, 980, kWide), (PictureSize{56, 980}));
}

TEST(SmartResize, StaysUnderTheUpperLimit) {
  constexpr ResizeLimits small = {.factor = 28, .minPixels = 3136, .maxPixels = 20000};
  for (int width = 90; width < 900; width += 61) {
    for (int height = 90; height < 900; height += 47) {
      const PictureSize size = smartResize(width, height, small);
      EXPECT_EQ(size.width % 28 + size.height % 28, 0);
      EXPECT_LE(size.width * size.height, 20000) << width << " x " << height << " gives " << size;
      EXPECT_GE(size.width * size.height, 3136) << width << " x " << height << " gives " << size;
    }
  }
}

// A side that rounds to nothing makes the picture grow to the lower limit, even where one row of patches would reach it: 28 x
// 392.
TEST(SmartResize, AStripThinnerThanHalfAPatchGrows) {
  EXPECT_EQ(smartResize(2, 390, kWide), (PictureSize{28, 784}));
  EXPECT_EQ(smartResize(2, 390, kQwen3), (PictureSize{32, 3584}));
}

// Above the upper limit a side never falls below one factor.
TEST(SmartResize, AStripAboveTheLimitKeepsOneFactor) {
  constexpr ResizeLimits small = {.factor = 28, .minPixels = 3136, .maxPixels = 18816};
  EXPECT_EQ(smartResize(20, 3900, small), (PictureSize{28, 1904}));
}

}  // namespace
}  // namespace orthoscribe
