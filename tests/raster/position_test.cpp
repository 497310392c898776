// SPDX-License-Identifier: GPL-2.0-or-later
// Where pixels of windows lie: on the map, and in the raster by the values they show.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/raster.h"
#include "core/geo/tiling.h"
#include "tests/raster/made_raster.h"

namespace orthoscribe::geo {
namespace {

struct Frame {
  const char* name;
  Geotransform transform;
  const char* crs;
};

class EveryFrame : public testing::TestWithParam<Frame> {};

TEST_P(EveryFrame, WindowsLieWithinAHundredthOfAPixel) {
  const TemporaryDirectory folder;
  MadeRaster made;
  made.width = 1000;
  made.height = 700;
  made.transform = GetParam().transform;
  made.crs = GetParam().crs;
  made.write(folder.path() / "made.tif");
  GdalRaster raster((folder.path() / "made.tif").string());
  const Geotransform toPixel = GetParam().transform.inverse();
  for (const Tile& tile : planTiles({0, 0, raster.width(), raster.height()}, {100, 3.7, 0.2})) {
    const RasterWindow window = raster.read(tile.source, 100, 100, {});
    const double scale = static_cast<double>(tile.source.width) / 100;
    for (const Point image : {Point{0, 0}, Point{100, 0}, Point{31.25, 77.5}, Point{100, 100}}) {
      const Point pixel = toPixel.toMap(window.toMap.toMap(image));
      ASSERT_NEAR(pixel.x, static_cast<double>(tile.source.column) + image.x * scale, 0.01);
      ASSERT_NEAR(pixel.y, static_cast<double>(tile.source.row) + image.y * scale, 0.01);
    }
  }
  EXPECT_EQ(raster.hasGeotransform(), true);
}

INSTANTIATE_TEST_SUITE_P(Made, EveryFrame,
                         testing::Values(Frame{"north_up", {{500000, 0.5, 0, 4000000, 0, -0.5}}, "EPSG:32633"},
                                         Frame{"south_up", {{500000, 0.5, 0, 4000000, 0, 0.5}}, "EPSG:32633"},
                                         Frame{"rotated", {{500000, 0.433, 0.25, 4000000, 0.25, -0.433}}, "EPSG:32633"},
                                         Frame{"sheared", {{500000, 0.5, 0.2, 4000000, -0.1, -0.4}}, "EPSG:32633"},
                                         Frame{"degrees", {{13.4, 1e-6, 0, 52.5, 0, -1e-6}}, "EPSG:4326"},
                                         Frame{"coarse_degrees", {{-180, 0.36, 0, 90, 0, -0.25}}, "EPSG:4326"},
                                         Frame{"mercator", {{3628387.5, 0.0746, 0, 39046.18, 0, -0.0746}}, "EPSG:3857"},
                                         Frame{"no_crs", {{100, 2, 0, 200, 0, -2}}, ""}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

// A zigzag of four grey levels a pixel, straight over 50 pixels: a quarter of a pixel shows as one level.
constexpr int kPeriod = 100;
double zigzag(double centre) {
  const double phase = std::fmod(centre, kPeriod);
  return 20.0 + 4.0 * (phase < kPeriod / 2 ? phase : kPeriod - phase);
}

// How far a pixel of `scale` raster pixels is from a turn of the zigzag, where means and interpolation bend.
bool straightAround(double position, double scale, double size) {
  const double reach = std::max(2.0, 2.0 * scale);
  const double turn = kPeriod / 2.0;
  const double before = std::fmod(position, turn);
  return before > reach && turn - before > reach && position > reach && position < size - reach;
}

struct Scaling {
  const char* name;
  double scale;
  std::vector<int> overviews;
};

class EveryScale : public testing::TestWithParam<Scaling> {};

TEST_P(EveryScale, ValuesLieWhereTheFrameSays) {
  const TemporaryDirectory folder;
  MadeRaster made;
  made.width = 1201;
  made.height = 907;
  made.overviews = GetParam().overviews;
  made.value = [](int band, int column, int row) { return zigzag(band == 1 ? column + 0.5 : band == 2 ? row + 0.5 : 7.5); };
  made.write(folder.path() / "made.tif");
  GdalRaster raster((folder.path() / "made.tif").string());
  const double scale = GetParam().scale;
  int looked = 0;
  for (const auto& [column, row] : {std::pair{0, 0}, std::pair{333, 121}, std::pair{1201 - 480, 907 - 480}}) {
    const PixelRect source{column, row, 480, 480};
    const int side = static_cast<int>(std::lround(480 / scale));
    const RasterWindow window = raster.read(source, side, side, {});
    EXPECT_EQ(window.validShare, 1.0);
    const double exact = 480.0 / side;
    for (int i = 0; i < side; ++i) {
      const double x = column + (i + 0.5) * exact;
      const double y = row + (i + 0.5) * exact;
      // Rounding of bytes, once more in overviews, and 0.08 image pixels where one joins parts of an overview's pixels.
      const double tolerance = 0.75 + (GetParam().overviews.empty() ? 0.0 : 0.5 + 0.08 * 4.0 * scale);
      if (straightAround(x, exact, 1201)) {
        ASSERT_NEAR(window.image.at(i, side / 2)[0], zigzag(x), tolerance) << "column " << i << " at raster column " << x;
        ++looked;
      }
      if (straightAround(y, exact, 907)) {
        ASSERT_NEAR(window.image.at(side / 2, i)[1], zigzag(y), tolerance) << "row " << i << " at raster row " << y;
      }
    }
  }
  EXPECT_GT(looked, 30);
}

INSTANTIATE_TEST_SUITE_P(Made, EveryScale,
                         testing::Values(Scaling{"split_by_four", 0.25, {}}, Scaling{"split_by_one_and_a_half", 1 / 1.5, {}},
                                         Scaling{"as_it_is", 1.0, {}}, Scaling{"joined_by_one_and_a_quarter", 1.25, {}},
                                         Scaling{"joined_by_two", 2.0, {}}, Scaling{"joined_by_two_and_a_half", 2.5, {}},
                                         Scaling{"joined_by_five", 5.0, {}}, Scaling{"overview_two", 2.0, {2, 4, 8}},
                                         Scaling{"overview_two_and_a_half", 2.5, {2, 4, 8}},
                                         Scaling{"overview_three", 3.2, {2, 4, 8}}, Scaling{"overview_four", 4.0, {2, 4, 8}},
                                         Scaling{"overview_five", 5.0, {2, 4, 8}}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(Position, IsInPixelsWithoutGeoreference) {
  const TemporaryDirectory folder;
  MadeRaster made;
  made.transform.reset();
  made.crs.clear();
  made.write(folder.path() / "made.tif");
  GdalRaster raster((folder.path() / "made.tif").string());
  EXPECT_FALSE(raster.hasGeotransform());
  EXPECT_TRUE(raster.crsWkt().empty());
  EXPECT_FALSE(raster.groundResolutionM());
  ASSERT_EQ(raster.warnings().size(), 1U);
  EXPECT_EQ(raster.warnings()[0], "no georeference: positions are in pixels");
  EXPECT_EQ(raster.read({8, 4, 32, 16}, 16, 8, {}).toMap.toMap({1, 1}), (Point{10, 6}));
}

std::vector<GDAL_GCP> controlPoints(const Geotransform& transform, double bend) {
  std::vector<GDAL_GCP> points;
  static char empty[] = "";
  for (const Point pixel : {Point{0, 0}, Point{64, 0}, Point{64, 48}, Point{0, 48}, Point{32, 24}, Point{10, 40}}) {
    const Point map = transform.toMap({pixel.x + bend * pixel.x * pixel.y / 100, pixel.y});
    points.push_back({empty, empty, pixel.x, pixel.y, map.x, map.y, 0});
  }
  return points;
}

TEST(Position, ComesFromControlPointsThatFit) {
  const TemporaryDirectory folder;
  const Geotransform turned{{500000, 0.433, 0.25, 4000000, 0.25, -0.433}};
  MadeRaster made;
  made.controlPoints = controlPoints(turned, 0.0);
  made.write(folder.path() / "made.tif");
  const GdalRaster raster((folder.path() / "made.tif").string());
  ASSERT_TRUE(raster.hasGeotransform());
  EXPECT_FALSE(raster.crsWkt().empty());
  const Point pixel = turned.inverse().toMap(raster.geotransform().toMap({40.5, 30.5}));
  EXPECT_NEAR(pixel.x, 40.5, 0.01);
  EXPECT_NEAR(pixel.y, 30.5, 0.01);
}

TEST(Position, IsInPixelsWhenControlPointsBend) {
  const TemporaryDirectory folder;
  MadeRaster made;
  made.controlPoints = controlPoints({{500000, 0.433, 0.25, 4000000, 0.25, -0.433}}, 1.0);
  made.write(folder.path() / "made.tif");
  const GdalRaster raster((folder.path() / "made.tif").string());
  EXPECT_FALSE(raster.hasGeotransform());
  ASSERT_EQ(raster.warnings().size(), 2U);
  EXPECT_NE(raster.warnings()[0].find("ground control points are not used"), std::string::npos);
}

double resolutionOf(const Geotransform& transform, const std::string& crs) {
  const TemporaryDirectory folder;
  MadeRaster made;
  made.transform = transform;
  made.crs = crs;
  made.write(folder.path() / "made.tif");
  return GdalRaster((folder.path() / "made.tif").string()).groundResolutionM().value_or(-1);
}

TEST(GroundResolution, IsInMetresOnTheGround) {
  EXPECT_NEAR(resolutionOf({{500000, 0.5, 0, 4000000, 0, -0.5}}, "EPSG:32633"), 0.5 / 0.9996, 1e-4);
  EXPECT_NEAR(resolutionOf({{500000, 0.4, 0.3, 4000000, 0.3, -0.4}}, "EPSG:32633"), 0.5 / 0.9996, 1e-4);
  // A degree is 111.3 km along the equator and 110.6 km across it.
  EXPECT_NEAR(resolutionOf({{-0.00032, 1e-5, 0, 0.00024, 0, -1e-5}}, "EPSG:4326"), (1.11319 + 1.10574) / 2, 1e-3);
  EXPECT_NEAR(resolutionOf({{10, 1e-5, 0, 60, 0, -1e-5}}, "EPSG:4326"), (0.55800 + 1.11412) / 2, 1e-3);
  // A metre of Mercator is about half a metre at 60 degrees.
  EXPECT_NEAR(resolutionOf({{0, 1, 0, 8399737.89, 0, -1}}, "EPSG:3857"), 0.5, 0.003);
  // Feet.
  EXPECT_NEAR(resolutionOf({{2000000, 1, 0, 700000, 0, -1}}, "EPSG:2263"), 0.3048, 2e-3);
  // A degree on Mars is 59.3 km.
  EXPECT_NEAR(resolutionOf({{-0.32, 0.01, 0, 0.24, 0, -0.01}},
                           "GEOGCRS[\"Mars\",DATUM[\"Mars\",ELLIPSOID[\"Mars\",3396190,0,LENGTHUNIT[\"metre\",1]]],"
                           "CS[ellipsoidal,2],AXIS[\"latitude\",north],AXIS[\"longitude\",east],"
                           "ANGLEUNIT[\"degree\",0.0174532925199433]]"),
              592.75, 0.2);
  EXPECT_EQ(resolutionOf({{0, 1, 0, 0, 0, -1}}, ""), -1);
}

class Rectangles : public testing::Test {
 protected:
  std::string made(const Geotransform& transform, const std::string& crs, int width = 1000, int height = 500) {
    MadeRaster raster;
    raster.width = width;
    raster.height = height;
    raster.transform = transform;
    raster.crs = crs;
    if (crs.empty()) raster.transform.reset();
    raster.write(folder_.path() / "made.tif");
    return (folder_.path() / "made.tif").string();
  }

 private:
  TemporaryDirectory folder_;
};

TEST_F(Rectangles, AreCutFromTheRastersOwnCoordinates) {
  const GdalRaster raster(made({{500000, 2, 0, 4000000, 0, -2}}, "EPSG:32633"));
  EXPECT_EQ(pixelRectOf(raster, {500200, 3999500, 500300, 3999900}), (PixelRect{100, 50, 50, 200}));
  EXPECT_EQ(pixelRectOf(raster, {500201, 3999501, 500299, 3999899}), (PixelRect{100, 50, 50, 200}));
  EXPECT_EQ(pixelRectOf(raster, {0, 0, 1e7, 1e7}), (PixelRect{0, 0, 1000, 500}));
  EXPECT_THROW(pixelRectOf(raster, {0, 0, 10, 10}), Error);
  EXPECT_THROW(pixelRectOf(raster, {500300, 3999500, 500200, 3999900}), Error);
  EXPECT_THROW(pixelRectOf(raster, {500200, 3999500, std::nan(""), 3999900}), Error);
}

TEST_F(Rectangles, AreTransformedFromAnotherSystem) {
  const GdalRaster raster(made({{499000, 2, 0, 6000500, 0, -2}}, "EPSG:32633"));
  // Longitude 15 is the middle of zone 33, easting 500000.
  const PixelRect found = pixelRectOf(raster, {15.0, 54.1445, 15.001, 54.146}, "EPSG:4326");
  EXPECT_NEAR(static_cast<double>(found.column), 500, 1);
  EXPECT_NEAR(static_cast<double>(found.width), 33, 2);
  EXPECT_GT(found.height, 60);
  EXPECT_EQ(pixelRectOf(raster, {499200, 6000000, 499300, 6000100}, "EPSG:32633"), (PixelRect{100, 200, 50, 50}));
  EXPECT_THROW(pixelRectOf(raster, {100, 10, 101, 11}, "EPSG:4326"), Error);
  EXPECT_THROW(pixelRectOf(raster, {15, 54, 16, 55}, "EPSG:nonsense"), Error);
}

TEST_F(Rectangles, OnATurnedRasterMustMeetIt) {
  const double diagonal = std::sqrt(0.5);
  const GdalRaster raster(made({{0, diagonal, diagonal, 0, diagonal, -diagonal}}, "EPSG:32633", 400, 400));
  // The raster is a diamond from (0, 0) to (400 sqrt 2, 0); its upright bounds have empty corners.
  EXPECT_EQ(pixelRectOf(raster, {0, -300, 566, 300}), (PixelRect{0, 0, 400, 400}));
  EXPECT_THROW(pixelRectOf(raster, {1, 200, 20, 280}), Error);
}

TEST_F(Rectangles, AreInPixelsWithoutGeoreference) {
  const GdalRaster raster(made({}, ""));
  EXPECT_EQ(pixelRectOf(raster, {10, 20, 110, 70}), (PixelRect{10, 20, 100, 50}));
  EXPECT_THROW(pixelRectOf(raster, {10, 20, 110, 70}, "EPSG:4326"), Error);
}

}  // namespace
}  // namespace orthoscribe::geo
