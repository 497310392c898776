// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/tower_batch.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

TowerBatchOptions optionsOf(int side, double mixShare) {
  TowerBatchOptions options;
  options.batch = 8;
  options.side = side;
  options.mixShare = mixShare;
  return options;
}

TEST(TowerBatch, ScenesOfBoxedSlotsWeighLess) {
  const std::vector<Sample> samples = tinySamples(6);
  const TowerBatch batch = TowerBatchMaker(samples, optionsOf(64, 0), 1).make(0);
  const torch::Tensor weights = batch.scene.sum(1);
  EXPECT_NEAR(weights[0].item<double>(), 0.4, 1e-6);
  EXPECT_NEAR(weights[-1].item<double>(), 1, 1e-6);
}

TEST(TowerBatch, MixingMovesPixelsAndLabelsTogether) {
  const std::vector<Sample> samples = tinySamples(6);
  const TowerBatch plain = TowerBatchMaker(samples, optionsOf(96, 0), 1).make(4);
  const TowerBatch mixed = TowerBatchMaker(samples, optionsOf(96, 1), 1).make(4);
  const torch::Tensor neighbours = at::arange(8, at::kLong).roll({1}, {0});
  for (std::int64_t slot = 0; slot < 8; ++slot) {
    const auto other = neighbours[slot].item<std::int64_t>();
    std::int64_t fromOther = 0;
    for (std::int64_t row = 0; row < 24; ++row) {
      for (std::int64_t column = 0; column < 24; ++column) {
        const auto cellOf = [&](const torch::Tensor& heat, std::int64_t picture) {
          return heat[picture].select(1, row).select(1, column);
        };
        const auto pixelsOf = [&](const TowerBatch& batch, std::int64_t picture) {
          return batch.pixels[picture].narrow(0, row * 4, 4).narrow(1, column * 4, 4);
        };
        const bool own = at::equal(pixelsOf(mixed, slot), pixelsOf(plain, slot));
        const bool foreign = at::equal(pixelsOf(mixed, slot), pixelsOf(plain, other));
        ASSERT_TRUE(own || foreign);
        if (own == foreign) continue;
        fromOther += foreign ? 1 : 0;
        EXPECT_TRUE(at::equal(cellOf(mixed.heat, slot), cellOf(plain.heat, foreign ? other : slot)));
      }
    }
    EXPECT_GT(fromOther, 0);
    const double own = plain.scene[slot].sum().item<double>();
    const double foreign = plain.scene[other].sum().item<double>();
    const double weight = mixed.scene[slot].sum().item<double>();
    EXPECT_GE(weight, std::min(own, foreign) - 1e-6);
    EXPECT_LE(weight, std::max(own, foreign) + 1e-6);
    EXPECT_TRUE(at::all(mixed.attributes[slot].eq(-1)).item<bool>());
  }
}

TEST(TowerBatch, ASmallViewMayShowTheWholePicture) {
  const std::vector<Sample> samples = tinySamples(1);
  Augmentation augmentation;
  augmentation.zoom = 1;
  augmentation.zoomOut = 2;
  Random random(2);
  double largest = 0;
  for (int attempt = 0; attempt < 200; ++attempt) {
    const double scale = randomView(samples[0], 32, augmentation, random).scale();
    EXPECT_GE(scale, 1 - 1e-9);
    largest = std::max(largest, scale);
  }
  EXPECT_NEAR(largest, 2, 0.1);
}

}  // namespace
}  // namespace orthoscribe::learn
