// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/tiling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/base/error.h"

namespace orthoscribe::geo {
namespace {

class SizedRaster : public RasterSource {
 public:
  explicit SizedRaster(std::optional<double> resolution) : resolution_(resolution) {}
  std::int64_t width() const override { return 100; }
  std::int64_t height() const override { return 100; }
  Geotransform geotransform() const override { return {}; }
  bool hasGeotransform() const override { return false; }
  std::string crsWkt() const override { return {}; }
  std::string name() const override { return "sized"; }
  std::optional<double> groundResolutionM() const override { return resolution_; }
  RasterWindow read(const PixelRect&, int, int, const CancelToken&) override { return {}; }

 private:
  std::optional<double> resolution_;
};

TEST(ScaleForResolution, IsTheRatioOfPixelSizes) {
  EXPECT_DOUBLE_EQ(scaleForResolution(SizedRaster(0.25), 0.5), 2.0);
  EXPECT_DOUBLE_EQ(scaleForResolution(SizedRaster(1.0), 0.5), 0.5);
  EXPECT_DOUBLE_EQ(scaleForResolution(SizedRaster(std::nullopt), 0.5), 1.0);
  EXPECT_DOUBLE_EQ(scaleForResolution(SizedRaster(0.25), 0.0), 1.0);
}

// Every pixel of the area lies in a window, windows stay in the area, neighbours share at least the overlap.
void expectCover(const PixelRect& area, const TilingOptions& options) {
  const std::vector<Tile> tiles = planTiles(area, options);
  ASSERT_FALSE(tiles.empty());
  const std::int64_t side = tiles[0].source.width;
  std::vector<char> coveredColumns(static_cast<std::size_t>(area.width));
  std::vector<char> coveredRows(static_cast<std::size_t>(area.height));
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const PixelRect& source = tiles[i].source;
    EXPECT_EQ(tiles[i].index, static_cast<int>(i));
    EXPECT_EQ(source.width, source.height);
    EXPECT_GE(source.column, area.column);
    EXPECT_GE(source.row, area.row);
    if (area.width >= side) {
      EXPECT_LE(source.column + side, area.column + area.width);
    }
    if (area.height >= side) {
      EXPECT_LE(source.row + side, area.row + area.height);
    }
    if (i > 0 && tiles[i - 1].source.row == source.row) {
      const double shared = static_cast<double>(tiles[i - 1].source.column + side - source.column);
      EXPECT_GE(shared, options.overlap * static_cast<double>(side) - 1.0);
      EXPECT_LT(tiles[i - 1].source.column, source.column) << "row by row, from left to right, none twice";
    }
    for (std::int64_t c = source.column; c < std::min(source.column + side, area.column + area.width); ++c) {
      coveredColumns[static_cast<std::size_t>(c - area.column)] = 1;
    }
    for (std::int64_t r = source.row; r < std::min(source.row + side, area.row + area.height); ++r) {
      coveredRows[static_cast<std::size_t>(r - area.row)] = 1;
    }
  }
  EXPECT_EQ(std::count(coveredColumns.begin(), coveredColumns.end(), 0), 0);
  EXPECT_EQ(std::count(coveredRows.begin(), coveredRows.end(), 0), 0);
}

TEST(PlanTiles, CoversAnyArea) {
  for (const std::int64_t size : {1, 447, 448, 449, 806, 807, 1000, 5000}) {
    for (const double overlap : {0.0, 0.2, 0.5, 0.9}) {
      for (const double scale : {0.4, 1.0, 2.7}) {
        SCOPED_TRACE(testing::Message() << size << " px, overlap " << overlap << ", scale " << scale);
        expectCover({37, -5, size, 2 * size / 3 + 1}, {448, scale, overlap});
      }
    }
  }
}

TEST(PlanTiles, OneWindowCoversASmallArea) {
  const std::vector<Tile> tiles = planTiles({10, 20, 100, 50}, {448, 1.0, 0.2});
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_EQ(tiles[0].source, (PixelRect{10, 20, 448, 448}));
  EXPECT_TRUE(planTiles({0, 0, 0, 50}, {}).empty());
}

TEST(PlanTiles, RefusesWhatHasNoPlan) {
  EXPECT_THROW(planTiles({0, 0, 10, 10}, {448, 1.0, 1.0}), Error);
  EXPECT_THROW(planTiles({0, 0, 10, 10}, {448, 1.0, -0.1}), Error);
  EXPECT_THROW(planTiles({0, 0, 10, 10}, {448, 0.0, 0.2}), Error);
  EXPECT_THROW(planTiles({0, 0, 10, 10}, {0, 1.0, 0.2}), Error);
}

}  // namespace
}  // namespace orthoscribe::geo
