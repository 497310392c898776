// SPDX-License-Identifier: GPL-2.0-or-later
// Two dates on one grid, and polygons of files on a raster.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/aligned_raster.h"
#include "core/geo/polygon_file.h"
#include "tests/raster/made_raster.h"

namespace orthoscribe::geo {
namespace {

constexpr Geotransform kTurned = {{500000, 0.433, 0.25, 4000000, 0.25, -0.433}};
constexpr Geotransform kNorthUp = {{499950, 0.5, 0, 4000150, 0, -0.5}};

// Values that say where on the map of zone 33 a pixel lies: a level is a tenth of a metre, so half a pixel shows.
double eastLevel(Point map) {
  return 127 + 100 * std::sin((map.x - 500000) / 8.0);
}
double northLevel(Point map) {
  return 127 + 100 * std::sin((map.y - 4000000) / 8.0);
}

MadeRaster mapped(const Geotransform& transform, int width, int height) {
  MadeRaster made;
  made.width = width;
  made.height = height;
  made.transform = transform;
  made.value = [transform](int band, int column, int row) {
    const Point map = transform.toMap({column + 0.5, row + 0.5});
    return band == 1 ? eastLevel(map) : band == 2 ? northLevel(map) : 50.0;
  };
  return made;
}

class Aligned : public testing::Test {
 protected:
  GdalRaster open(const MadeRaster& made, const std::string& name) {
    made.write(folder.path() / name);
    return GdalRaster((folder.path() / name).string());
  }
  TemporaryDirectory folder;
};

TEST_F(Aligned, ShowsTheSameGroundOnATurnedGrid) {
  const GdalRaster grid = open(mapped(kTurned, 200, 160), "after.tif");
  GdalRaster other = open(mapped(kNorthUp, 600, 600), "before.tif");
  AlignedRaster aligned(grid, other);
  const PixelRect source{30, 20, 120, 100};
  const RasterWindow window = aligned.read(source, 120, 100, {});
  EXPECT_EQ(window.validShare, 1.0);
  EXPECT_EQ(window.source, source);
  double worst = 0;
  for (int row = 0; row < 100; ++row) {
    for (int column = 0; column < 120; ++column) {
      const Point map = kTurned.toMap({30 + column + 0.5, 20 + row + 0.5});
      worst = std::max(worst, std::abs(window.image.at(column, row)[0] - eastLevel(map)));
      worst = std::max(worst, std::abs(window.image.at(column, row)[1] - northLevel(map)));
    }
  }
  // Half a pixel off would be up to three levels.
  EXPECT_LE(worst, 1.2);
  EXPECT_EQ(window.toMap.toMap({0, 0}), kTurned.toMap({30, 20}));
}

TEST_F(Aligned, ReadsAcrossCoordinateReferenceSystems) {
  const GdalRaster grid = open(mapped(kNorthUp, 300, 300), "after.tif");
  // A neighbouring zone's coordinates of a raster that holds constant values in its left and right half.
  MadeRaster made;
  made.width = 2000;
  made.height = 2000;
  made.crs = "EPSG:4326";
  made.transform = Geotransform{{14.99, 1e-5, 0, 36.16, 0, -1e-5}};
  made.value = [](int, int column, int) { return column < 1000 ? 40.0 : 200.0; };  // changes at 15 degrees, the zone's middle
  GdalRaster other = open(made, "before.tif");
  AlignedRaster aligned(grid, other);
  const RasterWindow window = aligned.read({0, 0, 300, 300}, 300, 300, {});
  EXPECT_GT(window.validShare, 0.99);
  // East 500000 lies 100 pixels from the left border.
  for (const int row : {0, 150, 299}) {
    EXPECT_LE(window.image.at(97, row)[0], 45) << row;
    EXPECT_GE(window.image.at(102, row)[0], 195) << row;
  }
}

TEST_F(Aligned, SameGridIsReadAsItIs) {
  const GdalRaster grid = open(mapped(kTurned, 200, 160), "after.tif");
  GdalRaster other = open(mapped(kTurned, 200, 160), "before.tif");
  AlignedRaster aligned(grid, other);
  EXPECT_EQ(aligned.read({10, 10, 100, 80}, 37, 30, {}).image, other.read({10, 10, 100, 80}, 37, 30, {}).image);
}

TEST_F(Aligned, MarksWhatTheOtherDoesNotCover) {
  const GdalRaster grid = open(mapped(kNorthUp, 300, 300), "after.tif");
  Geotransform shifted = kNorthUp;
  shifted.c[0] += 75;  // 150 pixels to the east
  GdalRaster other = open(mapped(shifted, 300, 300), "before.tif");
  AlignedRaster aligned(grid, other);
  EXPECT_NEAR(aligned.read({0, 0, 300, 300}, 300, 300, {}).validShare, 0.5, 0.01);
  EXPECT_EQ(aligned.read({0, 0, 100, 300}, 100, 300, {}).validShare, 0.0);
}

TEST_F(Aligned, RefusesWhatCannotBeLaidOver) {
  const GdalRaster grid = open(mapped(kNorthUp, 30, 30), "after.tif");
  MadeRaster bare = mapped(kNorthUp, 30, 30);
  bare.crs.clear();
  GdalRaster withoutCrs = open(bare, "without_crs.tif");
  EXPECT_THROW(AlignedRaster(grid, withoutCrs), Error);
  bare.transform.reset();
  GdalRaster bareRaster = open(bare, "bare.tif");
  try {
    AlignedRaster(grid, bareRaster);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("bare.tif has no georeference"));
  }
  const GdalRaster other = open(bare, "other_bare.tif");
  EXPECT_EQ(AlignedRaster(other, bareRaster).read({0, 0, 30, 30}, 30, 30, {}).validShare, 1.0);
}

class PolygonFile : public Aligned {
 protected:
  std::string write(const std::string& features) {
    const std::filesystem::path path = folder.path() / "areas.geojson";
    writeTextFile(path, R"({"type": "FeatureCollection", "features": [)" + features + "]}");
    return path.string();
  }
  static std::string feature(const std::string& geometry) {
    return R"({"type": "Feature", "properties": {}, "geometry": )" + geometry + "}";
  }
};

TEST_F(PolygonFile, BringsPolygonsIntoPixels) {
  // Around 15 degrees east on the zone's middle: 500000 m; about 0.0001 degrees a 9 m.
  const GdalRaster raster = open(mapped(kNorthUp, 300, 300), "scene.tif");
  const auto polygons = polygonsOnRaster(write(feature(R"({"type": "MultiPolygon", "coordinates": [
             [[[15, 36.1445], [15.0005, 36.1445], [15.0005, 36.1448], [15, 36.1448], [15, 36.1445]],
              [[15.0001, 36.1446], [15.0003, 36.1446], [15.0003, 36.1447], [15.0001, 36.1447], [15.0001, 36.1446]]],
             [[[10, 30], [10.1, 30], [10.1, 30.1], [10, 30]]]]})") +
                                               "," + feature(R"({"type": "Point", "coordinates": [15, 36.1446]})")),
                                         raster);
  ASSERT_EQ(polygons.size(), 1U) << "the one far away does not count";
  EXPECT_NEAR(polygons[0].front().x, 100.0, 0.01);  // 500000 is 50 m, 100 pixels, from the left border
  double right = 0;
  for (const Point& point : polygons[0]) right = std::max(right, point.x);
  EXPECT_NEAR(right - 100.0, 0.0005 * 111320 * std::cos(36.1446 * 3.14159265 / 180) / 0.5, 0.6);
}

TEST_F(PolygonFile, RefusesFilesThatDoNotHelp) {
  const GdalRaster raster = open(mapped(kNorthUp, 300, 300), "scene.tif");
  const auto refusal = [&](const std::string& path) {
    try {
      polygonsOnRaster(path, raster);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refusal((folder.path() / "missing.gpkg").string()), testing::HasSubstr("missing.gpkg does not exist"));
  EXPECT_THAT(refusal(write(feature(R"({"type": "Point", "coordinates": [15, 36]})"))), testing::HasSubstr("holds no polygon"));
  EXPECT_THAT(refusal(write(feature(R"({"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]})"))),
              testing::HasSubstr("no polygon of"));
  writeTextFile(folder.path() / "text.gpkg", "this is no layer");
  EXPECT_THAT(refusal((folder.path() / "text.gpkg").string()), testing::HasSubstr("no vector file"));
}

}  // namespace
}  // namespace orthoscribe::geo
