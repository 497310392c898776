// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/random_resize.h"

#include <gtest/gtest.h>

#include <cmath>

namespace orthoscribe::learn {
namespace {

const ResizeLimits kLimits = {28, 64 * 784, 1296 * 784};
constexpr int kDraws = 2000;

// Of draws for a square source whose picture has a side of least..most.
double shareBetween(int source, int least, int most) {
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) {
    const PictureSize size = randomSize(source, source, (i + 0.5) / kDraws, kLimits, ResizeRule::RatioOnSides);
    hits += size.width >= least && size.width <= most ? 1 : 0;
  }
  return hits / double(kDraws);
}

TEST(RandomResize, RatioOnSidesIsThatOfTheReference) {
  // s = U(m / A, M / A) on sides. reference/rscovlm.md 3 says by it: 512 -> 52 % beyond 1008 and 7 % below 224, 800 -> 22 %,
  // 4000 -> 88 %. In whole multiples of 28 a side of 966 and more counts as 980 or 1008, which rounding in smartResize parts
  // between them.
  const auto beyond = [](double source, double side) {
    const double least = kLimits.minPixels / (source * source);
    const double most = kLimits.maxPixels / (source * source);
    return (most - side / source) / (most - least);
  };
  EXPECT_NEAR(beyond(512, 1008), 0.52, 0.005);
  EXPECT_NEAR(beyond(800, 1008), 0.22, 0.005);
  EXPECT_NEAR(1 - beyond(4000, 224), 0.88, 0.005);
  EXPECT_NEAR(shareBetween(512, 980, 1008), beyond(512, 966), 0.005);
  EXPECT_NEAR(shareBetween(800, 980, 1008), beyond(800, 966), 0.005);
  EXPECT_EQ(shareBetween(1024, 994, 1008), 0.0) << "never above 992";
  EXPECT_NEAR(shareBetween(512, 224, 224), 0.07, 0.02);
  EXPECT_NEAR(shareBetween(4000, 224, 224), 0.87, 0.03);
}

TEST(RandomResize, AreaIsUniformForAnySource) {
  for (const auto& [width, height] : {std::pair(512, 512), std::pair(4000, 3000), std::pair(100, 260)}) {
    double sum = 0;
    int lower = 0;
    for (int i = 0; i < kDraws; ++i) {
      const PictureSize size = randomSize(width, height, (i + 0.5) / kDraws, kLimits);
      EXPECT_EQ(size.width % 28, 0);
      EXPECT_EQ(size.height % 28, 0);
      const double area = double(size.width) * size.height;
      EXPECT_LE(area, double(kLimits.maxPixels));
      EXPECT_GE(area, double(kLimits.minPixels));
      EXPECT_NEAR(std::log(double(size.width) / size.height), std::log(double(width) / height), 0.25);
      sum += area;
      lower += area < (kLimits.minPixels + kLimits.maxPixels) / 2.0 ? 1 : 0;
    }
    EXPECT_NEAR(sum / kDraws, (kLimits.minPixels + kLimits.maxPixels) / 2.0, 0.03 * kLimits.maxPixels) << width << "x" << height;
    EXPECT_NEAR(lower / double(kDraws), 0.5, 0.05);
  }
}

}  // namespace
}  // namespace orthoscribe::learn
