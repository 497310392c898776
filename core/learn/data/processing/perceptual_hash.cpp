// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/perceptual_hash.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/learn/data/loading/orientation.h"
#include "core/vision/resize.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kCells = 32;
constexpr std::size_t kWaves = 8;
constexpr double kFlat = 1e-3;  // of coefficients whose largest possible value is 255 * 32 * 32

using Waves = std::array<std::array<double, kCells>, kWaves>;

// cos((2 n + 1) k pi / 64) for k = 1..8.
const Waves& waves() {
  static const Waves table = [] {
    Waves made{};
    for (std::size_t k = 0; k < kWaves; ++k) {
      for (std::size_t n = 0; n < kCells; ++n)
        made[k][n] =
            std::cos(static_cast<double>((2 * n + 1) * (k + 1)) * std::numbers::pi / (2.0 * static_cast<double>(kCells)));
    }
    return made;
  }();
  return table;
}

double brightness(const std::uint8_t* pixel) {
  return 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

std::array<double, kWaves * kWaves> lowWaves(const RgbImage& cells) {
  std::array<std::array<double, kWaves>, kCells> rows{};
  for (std::size_t row = 0; row < kCells; ++row) {
    for (std::size_t k = 0; k < kWaves; ++k) {
      for (std::size_t column = 0; column < kCells; ++column)
        rows[row][k] += waves()[k][column] * brightness(cells.at(static_cast<int>(column), static_cast<int>(row)));
    }
  }
  std::array<double, kWaves * kWaves> result{};
  for (std::size_t k = 0; k < kWaves; ++k) {
    for (std::size_t l = 0; l < kWaves; ++l) {
      for (std::size_t row = 0; row < kCells; ++row) result[k * kWaves + l] += waves()[k][row] * rows[row][l];
    }
  }
  return result;
}

std::uint64_t hashOf(const RgbImage& cells) {
  const auto values = lowWaves(cells);
  if (std::all_of(values.begin(), values.end(), [](double value) { return std::abs(value) < kFlat; })) return 0;
  auto sorted = values;
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  const double median = sorted[sorted.size() / 2];
  std::uint64_t hash = 0;
  for (const double value : values) hash = (hash << 1U) | (value > median ? 1U : 0U);
  return hash;
}

RgbImage cellsOf(const RgbImage& image) {
  return vision::resize(image, kCells, kCells, vision::ResampleFilter::Box);
}

}  // namespace

std::uint64_t perceptualHash(const RgbImage& image) {
  return hashOf(cellsOf(image));
}

std::array<std::uint64_t, 8> perceptualHashes(const RgbImage& image) {
  const RgbImage cells = cellsOf(image);
  std::array<std::uint64_t, 8> hashes{};
  std::transform(orientations().begin(), orientations().end(), hashes.begin(),
                 [&](const Orientation& orientation) { return hashOf(orientation.turned(cells)); });
  return hashes;
}

}  // namespace orthoscribe::learn
