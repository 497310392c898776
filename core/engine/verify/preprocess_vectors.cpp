// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/engine/verify/kinds.h"
#include "core/engine/verify/patched_images.h"
#include "core/engine/verify/pixel_checks.h"
#include "core/engine/verify/tensors.h"
#include "core/vision/normalisation.h"
#include "core/vision/square_image.h"
#include "core/vision/tiling.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

void compareDecoded(const JsonFixture& file, CaseResult& result) {
  const TensorFolder tensors(file.path.parent_path());
  const nlohmann::json& levels = file.content->at("tolerance_levels");
  for (const auto& [name, entry] : file.content->at("images").items()) {
    const RgbImage image = imageOf(file, entry);
    result.checks.push_back(
        exactly(name + " size",
                int(image.width != entry.at("width").get<int>()) + int(image.height != entry.at("height").get<int>()), 2));
    const std::string extension = fs::path(entry.at("file").get<std::string>()).extension().string().substr(1);
    const double allowed = levels.at(extension).get<double>();
    const at::Tensor pixels = tensorOf(image);
    if (const auto expected = tensors.find(name)) result.checks.push_back(compareBytes(name, pixels, *expected, allowed, 1.0));
    const auto mean = entry.at("rgb_mean").get<std::vector<double>>();
    // The fixture's means have six decimals.
    result.checks.push_back(compareTensors(name + " mean", pixels.to(at::kDouble).mean(at::IntArrayRef{0, 1}),
                                           at::tensor(mean, at::kDouble), std::max(allowed / 255.0, 1e-6)));
  }
}

void compareTiles(const JsonFixture& file, CaseResult& result) {
  const TensorFolder tensors(file.path.parent_path());
  const vision::Normalisation normalisation = normalisationOf(*file.content);
  const double tolerance = file.content->at("tolerances").at("pixel_values");
  for (const auto& [name, entry] : file.content->at("images").items()) {
    const RgbImage image = imageOf(file, entry);
    const int side = entry.at("tile_size");
    const vision::TileGrid grid =
        vision::nearestGrid(image.width, image.height, entry.at("min_dynamic_patch"), entry.at("max_dynamic_patch"), side);
    const std::vector<std::int64_t> expectedGrid = entry.at("grid_columns_rows");
    const std::vector<std::int64_t> ourGrid = {grid.columns, grid.rows};
    result.checks.push_back(sameIds(name + " grid", ourGrid, expectedGrid));
    if (!result.checks.back().holds()) continue;
    const std::vector<RgbImage> tiles = vision::cutTiles(image, grid, side, entry.at("use_thumbnail"));
    const auto count = static_cast<std::int64_t>(tiles.size());
    result.checks.push_back(
        exactly(name + " tiles", std::abs(count - entry.at("tiles_with_thumbnail").get<std::int64_t>()), count));
    if (const auto expected = tensors.find(name + ".tiles_u8")) {
      std::vector<at::Tensor> bytes;
      for (const RgbImage& tile : tiles) bytes.push_back(tensorOf(tile));
      // "at most 1 level, on at most 0.5 % of the values"
      result.checks.push_back(compareBytes(name + " bytes", at::stack(bytes), *expected, 1.0, 0.005));
    }
    const at::Tensor values = vision::toTensor(tiles, normalisation);
    if (const auto expected = tensors.find(name + ".pixel_values"))
      result.checks.push_back(compareTensors(name + " pixel_values", values, *expected, tolerance));
    comparePixelValues(name, values, entry.at("pixel_values"), tolerance, result);
  }
}

// Rows {width, height, "min1_max6": [columns, rows], ...}: the limits are in the field's name.
void compareGridTable(const nlohmann::json& rows, int side, CaseResult& result) {
  std::int64_t differences = 0;
  std::int64_t total = 0;
  std::string example;
  for (const nlohmann::json& row : rows) {
    const int width = row.at("width");
    const int height = row.at("height");
    for (const auto& [field, value] : row.items()) {
      int least = 0;
      int most = 0;
      if (std::sscanf(field.c_str(), "min%d_max%d", &least, &most) != 2) continue;
      const vision::TileGrid grid = vision::nearestGrid(width, height, least, most, side);
      ++total;
      if (value == nlohmann::json{grid.columns, grid.rows}) continue;
      if (differences++ == 0)
        example = std::to_string(width) + "x" + std::to_string(height) + " " + field + ": " + std::to_string(grid.columns) + "x" +
                  std::to_string(grid.rows) + " instead of " + value.dump();
    }
  }
  if (total > 0) result.checks.push_back(exactly("grids of " + std::to_string(side) + " px tiles", differences, total, example));
}

void compareInternVl(const JsonFixture& file, CaseResult& result) {
  compareTiles(file, result);
  for (const auto& [field, value] : file.content->items()) {
    int side = 0;
    if (std::sscanf(field.c_str(), "grid_choice_%d", &side) == 1) compareGridTable(value, side, result);
  }
}

using ToSquare = RgbImage (*)(const RgbImage& image, int sidePx);

RgbImage blipSquare(const RgbImage& image, int sidePx) {
  return vision::resize(image, sidePx, sidePx, vision::ResampleFilter::Bicubic);
}

RgbImage clipSquare(const RgbImage& image, int sidePx) {
  return vision::middleSquare(image, sidePx, vision::ResampleFilter::Bicubic);
}

// The normalised values, and the bytes where the fixture has them: as a picture, or small ones as tensors "NAME.blip56_u8".
void compareSquare(const JsonFixture& file, const std::string& name, const std::string& way, ToSquare toSquare,
                   CaseResult& result) {
  const fs::path folder = file.path.parent_path();
  const nlohmann::json& entry = file.content->at("images").at(name);
  const RgbImage image = imageOf(file, entry);
  const std::string what = name + " " + way;
  const auto side = static_cast<int>(std::lround(std::sqrt(entry.at(way).at("count").get<double>() / 3.0)));
  const RgbImage square = toSquare(image, side);
  comparePixelValues(what, vision::toTensor({square}, normalisationOf(*file.content)), entry.at(way),
                     file.content->at("tolerances").at("pixel_values"), result);
  // "at most 1 level, on at most 0.5 % of the values"
  if (entry.contains(way + "_u8_png")) {
    const RgbImage expected = readImageFile(folder / entry.at(way + "_u8_png").get<std::string>());
    result.checks.push_back(compareBytes(what + " bytes", tensorOf(square), tensorOf(expected), 1.0, 0.005));
  }
  const TensorFolder tensors(folder);
  constexpr int kSmallSide = 56;
  if (const auto expected = tensors.find(name + "." + way + std::to_string(kSmallSide) + "_u8"))
    result.checks.push_back(compareBytes(what + " small bytes", tensorOf(toSquare(image, kSmallSide)), *expected, 1.0, 0.005));
}

void compareSquares(const JsonFixture& file, CaseResult& result) {
  for (const auto& [name, entry] : file.content->at("images").items()) {
    compareSquare(file, name, "blip", blipSquare, result);
    compareSquare(file, name, "clip", clipSquare, result);
  }
}

}  // namespace

std::vector<FixtureCase> preprocessVectorsIn(const fs::path& folder) {
  std::vector<FixtureCase> cases;
  for (const JsonFixture& file : jsonFixturesIn(folder)) {
    switch (file.kind) {
      case JsonFixtureKind::DecodedImages:
        cases.push_back({.place = file.path, .family = "image decoding", .run = [file](CaseResult& result) {
                           compareDecoded(file, result);
                         }});
        break;
      case JsonFixtureKind::InternVlTiles:
        cases.push_back({.place = file.path, .family = "image preparation internvl", .run = [file](CaseResult& result) {
                           compareInternVl(file, result);
                         }});
        break;
      case JsonFixtureKind::SquareImages:
        cases.push_back({.place = file.path, .family = "image preparation clip and blip", .run = [file](CaseResult& result) {
                           compareSquares(file, result);
                         }});
        break;
      case JsonFixtureKind::PatchedImages:
        cases.push_back({.place = file.path,
                         .family = "image preparation " + file.path.stem().string(),
                         .run = [file](CaseResult& result) { comparePatches(file, result); }});
        break;
      case JsonFixtureKind::OtherImages:
        cases.push_back({.place = file.path, .family = "image preparation " + file.path.stem().string(), .run = [](CaseResult&) {
                           throw Error(ErrorCode::Unsupported,
                                       "image preparation of a family other than internvl_chat and Qwen-VL");
                         }});
        break;
      default:
        break;
    }
  }
  return cases;
}

}  // namespace orthoscribe::engine::verify
