// SPDX-License-Identifier: GPL-2.0-or-later
// What pixels of windows show, by kind of raster.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/raster.h"
#include "tests/raster/made_raster.h"

namespace orthoscribe::geo {
namespace {

using Colour = std::array<int, 3>;

Colour colourAt(const RasterWindow& window, int column, int row) {
  const std::uint8_t* pixel = window.image.at(column, row);
  return {pixel[0], pixel[1], pixel[2]};
}

bool validAt(const RasterWindow& window, int column, int row) {
  return window.valid[static_cast<std::size_t>(row * window.image.width + column)] != 0;
}

class Values : public testing::Test {
 protected:
  GdalRaster open(const RasterOptions& options = {}) {
    const std::string path = (folder_.path() / "made.tif").string();
    made_.write(path);
    return GdalRaster(path, options);
  }
  RasterWindow whole(GdalRaster raster) {
    return raster.read({0, 0, raster.width(), raster.height()}, static_cast<int>(raster.width()),
                       static_cast<int>(raster.height()), {});
  }
  MadeRaster made_;
  TemporaryDirectory folder_;
};

TEST_F(Values, OfBytesPassUnchanged) {
  made_.value = [](int band, int column, int row) { return (column + 64 * (row % 3) + band) % 256; };
  const RasterWindow window = whole(open());
  EXPECT_EQ(colourAt(window, 10, 7), (Colour{75, 76, 77}));
  EXPECT_EQ(window.validShare, 1.0);
}

TEST_F(Values, FollowTheColoursOfBandsNotTheirOrder) {
  made_.type = GDT_UInt16;
  made_.colours = {GCI_BlueBand, GCI_GreenBand, GCI_RedBand, GCI_AlphaBand};
  // Each band runs from 0 to 1000 along another direction.
  made_.value = [](int band, int column, int row) {
    if (band == 4) return row < 24 ? 65535.0 : 0.0;
    if (band == 3) return column < 32 ? 1000.0 : 0.0;
    return band == 2 ? (row < 12 ? 1000.0 : 0.0) : ((column / 8) % 2 ? 1000.0 : 0.0);
  };
  const RasterWindow window = whole(open());
  EXPECT_EQ(colourAt(window, 4, 4), (Colour{255, 255, 0}));
  EXPECT_EQ(colourAt(window, 60, 20), (Colour{0, 0, 255}));
  EXPECT_FALSE(validAt(window, 4, 30));
  EXPECT_EQ(colourAt(window, 4, 30), (Colour{0, 0, 0}));
  EXPECT_DOUBLE_EQ(window.validShare, 0.5);
}

TEST_F(Values, OfAChosenBandAreGrey) {
  made_.value = [](int band, int, int) { return band * 50.0; };
  EXPECT_EQ(colourAt(whole(open({.bands = {2}})), 5, 5), (Colour{100, 100, 100}));
  EXPECT_EQ(colourAt(whole(open({.bands = {3, 1, 1}})), 5, 5), (Colour{150, 50, 50}));
  EXPECT_THROW(open({.bands = {4}}), Error);
  EXPECT_THROW(open({.bands = {0, 1, 2}}), Error);
  EXPECT_THROW(open({.bands = {1, 2}}), Error);
}

TEST_F(Values, OfSixteenBitsAreStretchedBetweenPercentiles) {
  made_.width = 100;
  made_.height = 100;
  made_.type = GDT_UInt16;
  made_.colours = {GCI_GrayIndex};
  made_.value = [](int, int column, int row) { return 2.0 * (row * 100 + column); };
  // 0, 2, .. 19998: the percentiles are 399.96 and 19598.04.
  const RasterWindow window = whole(open());
  for (const auto& [column, row] : {std::pair{0, 0}, std::pair{99, 99}, std::pair{50, 50}, std::pair{17, 3}, std::pair{0, 95}}) {
    const double value = 2.0 * (row * 100 + column);
    const double expected = std::clamp((value - 399.96) / (19598.04 - 399.96) * 255.0, 0.0, 255.0);
    EXPECT_NEAR(colourAt(window, column, row)[0], expected, 0.51);
  }
  const RasterWindow full = whole(open({.bands = {}, .stretchLowPercent = 0, .stretchHighPercent = 100}));
  EXPECT_EQ(colourAt(full, 0, 0)[0], 0);
  EXPECT_EQ(colourAt(full, 99, 99)[0], 255);
  EXPECT_THROW(open({.bands = {}, .stretchLowPercent = 60, .stretchHighPercent = 40}), Error);
}

TEST_F(Values, AreStretchedTheSameInEveryWindow) {
  made_.width = 3000;
  made_.height = 2500;
  made_.type = GDT_Int16;
  made_.colours = {GCI_GrayIndex};
  made_.nodata = -32768;
  made_.value = [](int, int column, int row) { return column < 300 ? -32768.0 : column + 0.1 * row; };
  GdalRaster raster = open();
  const RasterWindow left = raster.read({1000, 0, 100, 100}, 100, 100, {});
  const RasterWindow right = raster.read({1050, 0, 100, 100}, 100, 100, {});
  for (int row = 0; row < 100; row += 9) EXPECT_EQ(colourAt(left, 70, row), colourAt(right, 20, row));
  EXPECT_NEAR(colourAt(left, 0, 0)[0], (1000 - 392.0) / (3160 - 392.0) * 255, 12) << "the percentiles of the sample are far off";
}

TEST_F(Values, ThatAreNotNumbersHoldNoData) {
  made_.type = GDT_Float32;
  made_.colours = {GCI_GrayIndex};
  made_.value = [](int, int column, int row) {
    if (row == 0) return std::numeric_limits<double>::infinity();
    return column < 16 ? std::nan("") : column * 1e-3;
  };
  const RasterWindow window = whole(open());
  EXPECT_FALSE(validAt(window, 3, 20));
  EXPECT_FALSE(validAt(window, 30, 0));
  EXPECT_TRUE(validAt(window, 20, 20));
  EXPECT_LT(colourAt(window, 17, 20)[0], 10);
  EXPECT_GT(colourAt(window, 62, 20)[0], 245);
}

TEST_F(Values, ThatMeanNoDataTakeNoPartInMeans) {
  made_.type = GDT_Float32;
  made_.colours = {GCI_GrayIndex};
  made_.nodata = -9999;
  made_.value = [](int, int column, int row) { return (column + row) % 2 ? -9999.0 : (column < 32 ? 10.0 : 20.0); };
  GdalRaster raster = open();
  const RasterWindow half = raster.read({0, 0, 64, 48}, 32, 24, {});
  EXPECT_EQ(colourAt(half, 4, 4), (Colour{0, 0, 0}));
  EXPECT_EQ(colourAt(half, 28, 4), (Colour{255, 255, 255}));
  EXPECT_EQ(half.validShare, 1.0) << "half of each pixel holds data";
  EXPECT_DOUBLE_EQ(raster.read({0, 0, 64, 48}, 64, 48, {}).validShare, 0.5);
}

TEST_F(Values, OfOneBandWithoutDataStillShowTheOthers) {
  made_.nodata = 0;
  made_.value = [](int band, int column, int) { return column < 8 || (band == 1 && column < 16) ? 0.0 : 90.0; };
  const RasterWindow window = whole(open());
  EXPECT_FALSE(validAt(window, 4, 4));
  EXPECT_TRUE(validAt(window, 12, 4));
  EXPECT_EQ(colourAt(window, 12, 4), (Colour{0, 90, 90}));
}

TEST_F(Values, WithoutAnyDataAreBlackAndInvalid) {
  made_.type = GDT_Float32;
  made_.nodata = -1;
  made_.value = [](int, int, int) { return -1.0; };
  const RasterWindow window = whole(open());
  EXPECT_EQ(window.validShare, 0.0);
  EXPECT_EQ(colourAt(window, 5, 5), (Colour{0, 0, 0}));
}

TEST_F(Values, ThatAreAllAlikeAreMiddleGrey) {
  made_.type = GDT_Float64;
  made_.colours = {GCI_GrayIndex};
  made_.value = [](int, int, int) { return 1e9; };
  EXPECT_NEAR(colourAt(whole(open()), 5, 5)[0], 128, 1);
}

TEST_F(Values, UnderAlphaOrMaskHoldNoData) {
  made_.colours = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand, GCI_AlphaBand};
  made_.value = [](int band, int column, int) { return band == 4 ? (column < 16 ? 0.0 : 255.0) : 70.0; };
  const RasterWindow alpha = whole(open());
  EXPECT_FALSE(validAt(alpha, 15, 20));
  EXPECT_TRUE(validAt(alpha, 16, 20));
  made_.colours.pop_back();
  made_.masked = [](int column, int) { return column < 16; };
  made_.overviews = {2};
  GdalRaster raster = open();
  const RasterWindow masked = raster.read({0, 0, 64, 48}, 32, 24, {});
  EXPECT_FALSE(validAt(masked, 7, 20));
  EXPECT_TRUE(validAt(masked, 8, 20));
  EXPECT_EQ(colourAt(masked, 8, 20), (Colour{70, 70, 70}));
}

TEST_F(Values, OfSixteenBitAlphaMayBeWrittenAsEight) {
  made_.type = GDT_UInt16;
  made_.colours = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand, GCI_AlphaBand};
  made_.value = [](int band, int column, int) { return band == 4 ? (column < 16 ? 0.0 : 255.0) : column * 10.0; };
  EXPECT_DOUBLE_EQ(whole(open()).validShare, 0.75);
}

TEST_F(Values, OfAPaletteBecomeItsColours) {
  made_.colours = {GCI_PaletteIndex};
  made_.palette = {{0, 0, 0, 255}, {200, 10, 20, 255}, {0, 100, 220, 255}};
  made_.nodata = 0;
  made_.value = [](int, int column, int row) { return row < 8 ? 0 : 1 + column % 2; };
  GdalRaster raster = open();
  const RasterWindow window = raster.read({0, 0, 64, 48}, 64, 48, {});
  EXPECT_EQ(colourAt(window, 2, 20), (Colour{200, 10, 20}));
  EXPECT_EQ(colourAt(window, 3, 20), (Colour{0, 100, 220}));
  EXPECT_FALSE(validAt(window, 3, 4)) << "nodata";
  // Colours are averaged, never indices: half red, half blue.
  EXPECT_EQ(colourAt(raster.read({0, 8, 64, 32}, 32, 16, {}), 5, 5), (Colour{100, 55, 120}));
}

TEST_F(Values, OfTransparentColoursHoldNoData) {
  made_.colours = {GCI_GrayIndex};
  made_.value = [](int, int column, int) { return column % 2; };
  open();
  // A GeoTIFF has no transparency in its palette.
  const std::filesystem::path file = folder_.path() / "palette.vrt";
  writeTextFile(file,
                "<VRTDataset rasterXSize='64' rasterYSize='48'><VRTRasterBand dataType='Byte' band='1'>"
                "<ColorInterp>Palette</ColorInterp><ColorTable><Entry c1='1' c2='2' c3='3' c4='0'/>"
                "<Entry c1='40' c2='50' c3='60' c4='255'/></ColorTable><SimpleSource>"
                "<SourceFilename relativeToVRT='1'>made.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>");
  const RasterWindow window = whole(GdalRaster(file.string()));
  EXPECT_FALSE(validAt(window, 2, 2));
  EXPECT_TRUE(validAt(window, 3, 2));
  EXPECT_EQ(colourAt(window, 3, 2), (Colour{40, 50, 60}));
}

TEST_F(Values, OfOneBitReachFromBlackToWhite) {
  made_.colours = {GCI_GrayIndex};
  made_.creationOptions = {"NBITS=1"};
  made_.value = [](int, int column, int) { return column % 2; };
  const RasterWindow window = whole(open());
  EXPECT_EQ(colourAt(window, 2, 2)[0], 0);
  EXPECT_EQ(colourAt(window, 3, 2)[0], 255);
}

TEST_F(Values, BeyondTheBorderHoldNoData) {
  made_.value = [](int, int, int) { return 50.0; };
  GdalRaster raster = open();
  const RasterWindow window = raster.read({-32, -24, 128, 96}, 64, 48, {});
  EXPECT_DOUBLE_EQ(window.validShare, 0.25);
  EXPECT_FALSE(validAt(window, 15, 20));
  EXPECT_TRUE(validAt(window, 16, 12));
  EXPECT_TRUE(validAt(window, 47, 35));
  EXPECT_FALSE(validAt(window, 48, 35));
  EXPECT_EQ(raster.read({1000, 1000, 64, 64}, 32, 32, {}).validShare, 0.0);
  EXPECT_EQ(raster.read({-64, 0, 64, 48}, 32, 24, {}).validShare, 0.0);
}

TEST_F(Values, OfComplexNumbersAreRefused) {
  made_.type = GDT_CFloat32;
  made_.colours = {GCI_GrayIndex};
  EXPECT_THROW(open(), Error);
}

TEST_F(Values, AreNotReadAfterCancelling) {
  GdalRaster raster = open();
  CancelSource source;
  source.cancel();
  try {
    raster.read({0, 0, 64, 48}, 64, 48, source.token());
    FAIL() << "a cancelled read went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
  }
}

}  // namespace
}  // namespace orthoscribe::geo
