// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/geotransform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::geo {
namespace {

class EveryGeotransform : public testing::TestWithParam<std::pair<const char*, Geotransform>> {};

TEST_P(EveryGeotransform, BringsPixelsToTheMapAndBack) {
  const Geotransform transform = GetParam().second;
  const Geotransform back = transform.inverse();
  for (const Point pixel : {Point{0, 0}, Point{0.5, 0.5}, Point{35999.25, 17999.75}, Point{-100, 250000}}) {
    const Point returned = back.toMap(transform.toMap(pixel));
    EXPECT_NEAR(returned.x, pixel.x, 1e-4);
    EXPECT_NEAR(returned.y, pixel.y, 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, EveryGeotransform,
                         testing::Values(std::pair{"identity", Geotransform{}},
                                         std::pair{"north_up", Geotransform{{621377.5, 0.1, 0, 4853278.25, 0, -0.1}}},
                                         std::pair{"south_up", Geotransform{{3628387.5, 0.0746, 0, 39046.18, 0, 0.0746}}},
                                         std::pair{"rotated",
                                                   Geotransform{{3628387.5, 0.0646, 0.0373, 39046.18, 0.0373, -0.0646}}},
                                         std::pair{"sheared", Geotransform{{500000, 2.0, 0.7, 4.0e6, -0.3, -1.5}}},
                                         std::pair{"quarter_turn", Geotransform{{500000, 0, 2.0, 4.0e6, 2.0, 0}}},
                                         std::pair{"degrees", Geotransform{{-180, 0.01, 0, 90, 0, -0.01}}}),
                         [](const auto& parameter) { return std::string(parameter.param.first); });

TEST(Geotransform, FollowsTheOrderOfGdal) {
  const Geotransform transform{{10, 2, 3, 20, 5, 7}};
  EXPECT_EQ(transform.toMap({1, 10}), (Point{10 + 2 + 30, 20 + 5 + 70}));
}

TEST(Geotransform, OfAWindowAgreesWithTheWhole) {
  const Geotransform transform{{500000, 2.0, 0.7, 4.0e6, -0.3, -1.5}};
  const Geotransform window = transform.window(100, 200, 2.5, 4.0);
  const Point direct = transform.toMap({100 + 2.5 * 7.5, 200 + 4.0 * 3.5});
  EXPECT_NEAR(window.toMap({7.5, 3.5}).x, direct.x, 1e-9);
  EXPECT_NEAR(window.toMap({7.5, 3.5}).y, direct.y, 1e-9);
}

TEST(Geotransform, WithoutAreaIsRefused) {
  EXPECT_THROW((Geotransform{{0, 0, 0, 0, 0, 0}}.inverse()), Error);
  EXPECT_THROW((Geotransform{{5, 1, 2, 5, 2, 4}}.inverse()), Error);
  EXPECT_THROW((Geotransform{{5, std::nan(""), 0, 5, 0, 1}}.inverse()), Error);
  // Tiny pixels are pixels all the same.
  EXPECT_NO_THROW((Geotransform{{7, 1e-9, 0, 53, 0, -1e-9}}.inverse()));
}

}  // namespace
}  // namespace orthoscribe::geo
