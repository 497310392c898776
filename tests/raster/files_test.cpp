// SPDX-License-Identifier: GPL-2.0-or-later
// Real, damaged and very large files.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/raster.h"
#include "core/geo/tiling.h"
#include "tests/raster/made_raster.h"

namespace orthoscribe::geo {
namespace {

namespace fs = std::filesystem;

const fs::path kRasters = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data/georasters";

template <typename Work>
Error errorOf(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorCode::Internal, "nothing was thrown");
}

TEST(RealFiles, OpenAndReadOrFailPolitely) {
  if (!fs::exists(kRasters)) GTEST_SKIP() << kRasters << " is not there";
  int read = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(kRasters)) {
    const std::string name = entry.path().filename().string();
    if (name == "truncated.tif") continue;
    SCOPED_TRACE(name);
    GdalRaster raster(entry.path().string());
    const RasterWindow small = raster.read({0, 0, raster.width(), raster.height()}, 200, 150, {});
    EXPECT_GT(small.validShare, 0.0);
    EXPECT_LT(std::count(small.image.pixels.begin(), small.image.pixels.end(), 0),
              static_cast<std::ptrdiff_t>(small.image.pixels.size()))
        << "all black";
    if (!raster.crsWkt().empty()) {
      EXPECT_GT(raster.groundResolutionM().value_or(0), 0.01);
    } else {
      EXPECT_FALSE(raster.warnings().empty());
    }
    ++read;
  }
  EXPECT_GE(read, 25);
}

TEST(RealFiles, WithADamagedTileTellFileAndWindow) {
  const fs::path file = kRasters / "corrupt_tiles.tif";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  GdalRaster raster(file.string());
  EXPECT_EQ(raster.read({0, 0, 400, 400}, 400, 400, {}).validShare, 1.0);
  const Error error = errorOf([&] { raster.read({600, 620, 400, 300}, 400, 300, {}); });
  EXPECT_EQ(error.code(), ErrorCode::Io);
  EXPECT_NE(error.message().find("corrupt_tiles.tif"), std::string::npos) << error.what();
  EXPECT_NE(error.message().find("columns 600 to 999, rows 620 to 919"), std::string::npos) << error.what();
  EXPECT_EQ(raster.read({0, 0, 400, 400}, 400, 400, {}).validShare, 1.0) << "the rest must still be readable";
}

TEST(RealFiles, CutShortAreRefused) {
  const fs::path file = kRasters / "truncated.tif";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const Error error = errorOf([&] { GdalRaster raster(file.string()); });
  EXPECT_EQ(error.code(), ErrorCode::Io);
  EXPECT_NE(error.message().find("truncated.tif is cut short"), std::string::npos) << error.what();
}

TEST(DamagedFiles, SayNothingToStandardError) {
  const TemporaryDirectory folder;
  MadeRaster made;
  made.width = 512;
  made.height = 512;
  made.value = [](int band, int column, int row) { return (column * 7 + row * 13 + band * column * row) % 251; };
  made.write(folder.path() / "whole.tif");
  const auto size = fs::file_size(folder.path() / "whole.tif");
  for (const double share : {0.001, 0.02, 0.3, 0.9, 0.999}) {
    SCOPED_TRACE(share);
    const fs::path cut = folder.path() / "cut.tif";
    fs::copy_file(folder.path() / "whole.tif", cut, fs::copy_options::overwrite_existing);
    fs::resize_file(cut, static_cast<std::uintmax_t>(static_cast<double>(size) * share));
    testing::internal::CaptureStderr();
    const Error error = errorOf([&] {
      GdalRaster raster(cut.string());
      raster.read({0, 0, 512, 512}, 512, 512, {});
    });
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_TRUE(error.code() == ErrorCode::Io || error.code() == ErrorCode::InvalidInput) << error.what();
    EXPECT_NE(error.message().find("cut.tif"), std::string::npos) << error.what();
    EXPECT_LT(std::string(error.what()).size(), 600U);
  }
}

TEST(DamagedFiles, AreToldByKind) {
  const TemporaryDirectory folder;
  EXPECT_EQ(errorOf([&] { GdalRaster raster((folder.path() / "none.tif").string()); }).code(), ErrorCode::NotFound);
  EXPECT_EQ(errorOf([&] { GdalRaster raster(""); }).code(), ErrorCode::NotFound);
  EXPECT_EQ(errorOf([&] { GdalRaster raster(folder.path().string()); }).code(), ErrorCode::InvalidInput);
  writeTextFile(folder.path() / "text.tif", "this is no raster");
  EXPECT_EQ(errorOf([&] { GdalRaster raster((folder.path() / "text.tif").string()); }).code(), ErrorCode::InvalidInput);
  // A file that points to the network is not followed.
  writeTextFile(
      folder.path() / "map.xml",
      "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://localhost:1/${z}/${x}/${y}.png</ServerUrl></Service>"
      "<DataWindow><UpperLeftX>-1</UpperLeftX><UpperLeftY>1</UpperLeftY><LowerRightX>1</LowerRightX>"
      "<LowerRightY>-1</LowerRightY><TileLevel>1</TileLevel></DataWindow><Projection>EPSG:3857</Projection></GDAL_WMS>");
  EXPECT_EQ(errorOf([&] { GdalRaster raster((folder.path() / "map.xml").string()); }).code(), ErrorCode::InvalidInput);
}

long peakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

TEST(LargeFiles, NeedNoMoreMemoryThanTheCache) {
  const TemporaryDirectory folder;
  const fs::path file = folder.path() / "large.tif";
  {
    GDALAllRegister();
    const char* const options[] = {"TILED=YES",        "BLOCKXSIZE=512", "BLOCKYSIZE=512",
                                   "COMPRESS=DEFLATE", "SPARSE_OK=TRUE", nullptr};
    const GDALDatasetUniquePtr dataset(
        GetGDALDriverManager()->GetDriverByName("GTiff")->Create(file.c_str(), 30000, 30000, 3, GDT_Byte, options));
    ASSERT_TRUE(dataset);
  }
  const long before = peakMegabytes();
  GdalRaster raster(file.string());
  std::int64_t pixels = 0;
  const std::vector<Tile> tiles = planTiles({0, 0, raster.width(), raster.height()}, {1024, 1.0, 0.0});
  for (std::size_t i = 0; i < tiles.size(); i += 4) {
    raster.read(tiles[i].source, 512, 512, {});
    pixels += tiles[i].source.width * tiles[i].source.height;
  }
  const long grown = peakMegabytes() - before;
  std::printf("%.1f GB of pixels read, peak memory grew by %ld MB\n", static_cast<double>(pixels) * 3e-9, grown);
  EXPECT_GT(pixels * 3, 600'000'000);
  EXPECT_LT(grown, 380);
}

// 100 to 1123, as often each, without a pattern in columns or rows.
double mixed(std::uint64_t index) {
  return 100.0 + static_cast<double>((index * 0x9E3779B97F4A7C15ULL) >> 54U);
}

TEST(LargeFiles, AreStretchedFromASample) {
  const TemporaryDirectory folder;
  const fs::path file = folder.path() / "large.tif";
  {
    GDALAllRegister();
    const char* const options[] = {"TILED=YES",        "BLOCKXSIZE=512", "BLOCKYSIZE=512",
                                   "COMPRESS=DEFLATE", "SPARSE_OK=TRUE", nullptr};
    const GDALDatasetUniquePtr dataset(
        GetGDALDriverManager()->GetDriverByName("GTiff")->Create(file.c_str(), 30000, 30000, 1, GDT_UInt16, options));
    ASSERT_TRUE(dataset);
    dataset->GetRasterBand(1)->SetNoDataValue(0);
    // A hundredth of the raster holds data.
    std::vector<std::uint16_t> block(3072 * 3072);
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<std::uint16_t>(mixed(i));
    ASSERT_EQ(dataset->GetRasterBand(1)->RasterIO(GF_Write, 20480, 10240, 3072, 3072, block.data(), 3072, 3072, GDT_UInt16, 0, 0,
                                                  nullptr),
              CE_None);
  }
  GdalRaster raster(file.string());
  const RasterWindow window = raster.read({20480, 10240, 64, 64}, 64, 64, {});
  EXPECT_EQ(window.validShare, 1.0);
  for (int i = 0; i < 64; ++i) {
    const double value = mixed(static_cast<std::uint64_t>(i));
    EXPECT_NEAR(window.image.at(i, 0)[0], std::clamp((value - 120.5) / (1102.5 - 120.5) * 255, 0.0, 255.0), 3);
  }
  EXPECT_EQ(raster.read({0, 0, 512, 512}, 64, 64, {}).validShare, 0.0);
}

}  // namespace
}  // namespace orthoscribe::geo
