// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/tiling.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/image_codec.h"
#include "tests/unit/base/fixture_tensors.h"

namespace orthoscribe::vision {
namespace {

namespace fs = std::filesystem;

fs::path vectorsFolder() {
  return fs::path(ORTHOSCRIBE_SHARED_DIR) / "parity/public/preprocess_vectors";
}

TileGrid gridOf(const nlohmann::json& pair) {
  return {pair.at(0), pair.at(1)};
}

RgbImage imageOf(const fixtures::FixtureTensors& tensors, const std::string& name) {
  const auto shape = tensors.shape(name);
  RgbImage image(static_cast<int>(shape.at(1)), static_cast<int>(shape.at(0)));
  image.pixels = tensors.values<std::uint8_t>(name);
  return image;
}

struct KnownGrid {
  int width, height, columns, rows;
};

// The published rule worked by hand; among them images half-way between two shapes.
TEST(NearestGrid, KnownSizesWithSixTiles) {
  for (const KnownGrid& known : {KnownGrid{448, 448, 1, 1},
                                 {633, 633, 1, 1},
                                 {634, 634, 2, 2},
                                 {1024, 1024, 2, 2},
                                 {1024, 768, 3, 2},
                                 {800, 640, 2, 2},
                                 {560, 448, 1, 1},
                                 {1920, 1080, 2, 1},
                                 {464, 370, 3, 2},
                                 {425, 370, 1, 1},
                                 {3000, 500, 6, 1},
                                 {1000, 400, 3, 1}}) {
    EXPECT_EQ(nearestGrid(known.width, known.height, 1, 6, 448), (TileGrid{known.columns, known.rows}))
        << known.width << " x " << known.height;
  }
}

TEST(NearestGrid, RefusesWhatCannotBeCut) {
  EXPECT_THROW(nearestGrid(0, 10, 1, 6, 448), Error);
  EXPECT_THROW(nearestGrid(10, 10, 3, 2, 448), Error);
}

TEST(NearestGrid, AgreesWithTheReferenceOnRealSizes) {
  const fs::path file = vectorsFolder() / "internvl.json";
  if (!fs::exists(file)) GTEST_SKIP() << "no fixture " << file;
  const auto vectors = nlohmann::json::parse(readTextFile(file));
  for (const auto& row : vectors.at("grid_choice_448")) {
    const int width = row.at("width");
    const int height = row.at("height");
    EXPECT_EQ(nearestGrid(width, height, 1, 6, 448), gridOf(row.at("min1_max6"))) << width << " x " << height;
    EXPECT_EQ(nearestGrid(width, height, 1, 12, 448), gridOf(row.at("min1_max12"))) << width << " x " << height;
    EXPECT_EQ(nearestGrid(width, height, 2, 9, 448), gridOf(row.at("min2_max9"))) << width << " x " << height;
  }
}

TEST(CutTiles, EveryByteEqualsTheReference) {
  const fs::path folder = vectorsFolder();
  if (!fs::exists(folder)) GTEST_SKIP() << "no fixture " << folder;
  const auto vectors = nlohmann::json::parse(readTextFile(folder / "internvl.json"));
  const fixtures::FixtureTensors expected(folder / "internvl_tiles.safetensors");
  const fixtures::FixtureTensors decoded(folder / "decoded_rgb.safetensors");
  int compared = 0;
  for (const auto& [name, row] : vectors.at("images").items()) {
    SCOPED_TRACE(name);
    const std::string source = name.substr(0, name.find('.'));
    const RgbImage image =
        decoded.has(source) ? imageOf(decoded, source) : readImageFile(folder / "images" / row.at("file").get<std::string>());
    const int side = row.at("tile_size");
    const TileGrid grid = nearestGrid(image.width, image.height, row.at("min_dynamic_patch"), row.at("max_dynamic_patch"), side);
    EXPECT_EQ(grid, gridOf(row.at("grid_columns_rows")));
    const std::vector<RgbImage> tiles = cutTiles(image, grid, side, row.at("use_thumbnail"));
    EXPECT_EQ(tiles.size(), row.at("tiles_with_thumbnail").get<std::size_t>());
    if (!expected.has(name + ".tiles_u8")) continue;
    std::vector<std::uint8_t> bytes;
    for (const RgbImage& tile : tiles) bytes.insert(bytes.end(), tile.pixels.begin(), tile.pixels.end());
    EXPECT_TRUE(bytes == expected.values<std::uint8_t>(name + ".tiles_u8"));
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

TEST(CutTiles, OneTileHasNoThumbnail) {
  EXPECT_EQ(cutTiles(RgbImage(30, 20), {1, 1}, 16, true).size(), 1u);
  EXPECT_EQ(cutTiles(RgbImage(30, 20), {2, 1}, 16, true).size(), 3u);
  EXPECT_EQ(cutTiles(RgbImage(30, 20), {2, 1}, 16, false).size(), 2u);
}

}  // namespace
}  // namespace orthoscribe::vision
