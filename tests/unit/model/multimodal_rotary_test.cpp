// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/multimodal_rotary.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/model/blocks/decoder.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

using testing::ElementsAre;

constexpr std::array<std::int64_t, 3> kSections = {3, 2, 1};

TEST(RotaryAxes, StandInSections) {
  EXPECT_THAT(axesInSections(kSections), ElementsAre(0, 0, 0, 1, 1, 2));
}

// Rows and columns take every third frequency until they have as many as their section says; time has the rest.
TEST(RotaryAxes, TakeTurns) {
  EXPECT_THAT(axesInterleaved(kSections), ElementsAre(0, 1, 2, 0, 1, 0));
  EXPECT_THAT(axesInterleaved(std::array<std::int64_t, 3>{24, 20, 20}).size(), 64u);
  const std::vector<std::int64_t> published = axesInterleaved(std::array<std::int64_t, 3>{24, 20, 20});
  EXPECT_EQ(published[59], 2);
  EXPECT_EQ(published[60], 0);
  EXPECT_EQ(published[61], 0);
  EXPECT_EQ(std::count(published.begin(), published.end(), 1), 20);
}

TEST(MultimodalPositions, AnImageIsAPlaneAtOneTime) {
  // Two tokens of text, an image of 2 x 3, one token, an image of 3 x 1, two tokens.
  const std::vector<ImagePlace> images = {{.begin = 2, .rows = 2, .columns = 3}, {.begin = 9, .rows = 3, .columns = 1}};
  const at::Tensor positions = multimodalPositions(14, images);
  EXPECT_TRUE(at::equal(positions[0], at::tensor({0, 1, 2, 2, 2, 2, 2, 2, 5, 6, 6, 6, 9, 10}, at::kLong)));
  EXPECT_TRUE(at::equal(positions[1], at::tensor({0, 1, 2, 2, 2, 3, 3, 3, 5, 6, 7, 8, 9, 10}, at::kLong)));
  EXPECT_TRUE(at::equal(positions[2], at::tensor({0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 6, 6, 9, 10}, at::kLong)));
}

TEST(MultimodalPositions, RefuseImagesThatDoNotFit) {
  const auto refused = [](std::vector<ImagePlace> images) {
    expectError(ErrorCode::InvalidInput, {"does not fit"}, [&] { multimodalPositions(8, images); });
  };
  refused({{.begin = 4, .rows = 2, .columns = 3}});
  refused({{.begin = 0, .rows = 2, .columns = 2}, {.begin = 3, .rows = 1, .columns = 1}});
  refused({{.begin = 0, .rows = 0, .columns = 2}});
}

TEST(KvCachePositions, GoOnAfterTheLargest) {
  KvCache cache(1);
  EXPECT_FALSE(cache.positions(0, 3).defined());
  cache.setPositions(multimodalPositions(6, std::vector<ImagePlace>{{.begin = 1, .rows = 2, .columns = 2}}));
  // 0, the image from 1 to 2, 3; then 4, 5 ...
  EXPECT_TRUE(at::equal(cache.positions(4, 4)[1], at::tensor({2, 3, 4, 5}, at::kLong)));
  EXPECT_TRUE(at::equal(cache.positions(8, 2)[0], at::tensor({6, 7}, at::kLong)));
  cache.setPositions({});
  EXPECT_FALSE(cache.positions(0, 3).defined());
}

TEST(MultimodalRotary, TurnsEachFrequencyByItsAxis) {
  RotaryConfig config;
  config.headSize = 12;
  config.theta = 100.0;
  const MultimodalRotary rotary(config, axesInSections(kSections));
  const at::Tensor positions = at::tensor({4, 7, 9}, at::kLong).unsqueeze(1);
  const RotaryTables tables = rotary.tables(positions);
  ASSERT_EQ(tables.cosine.sizes(), at::IntArrayRef({1, 12}));
  const std::array<double, 6> places = {4, 4, 4, 7, 7, 9};
  for (int i = 0; i < 12; ++i) {
    const double angle = places[static_cast<std::size_t>(i % 6)] * std::pow(100.0, -2.0 * (i % 6) / 12.0);
    EXPECT_NEAR(tables.cosine[0][i].item<double>(), std::cos(angle), 1e-5) << i;
    EXPECT_NEAR(tables.sine[0][i].item<double>(), std::sin(angle), 1e-5) << i;
  }
}

DecoderConfig smallDecoder(std::vector<std::int64_t> axes) {
  DecoderConfig config;
  config.vocabulary = 20;
  config.hidden = 16;
  config.intermediate = 24;
  config.layers = 2;
  config.heads = 2;
  config.kvHeads = 1;
  config.headSize = 12;
  config.headNorm = true;
  config.maxPositions = 100;
  config.rotary.headSize = 12;
  config.rotary.theta = 1000.0;
  config.rotaryAxes = std::move(axes);
  return config;
}

TEST(MultimodalDecoder, TextStandsWhereOneAxisPutsIt) {
  RandomWeights weights(3);
  const Decoder plain(Scope(weights, ""), smallDecoder({}));
  const Decoder multimodal(Scope(weights, ""), smallDecoder(axesInterleaved(kSections)));
  const at::Tensor rows = seededRandom({9, 16}, 1);
  KvCache one = plain.makeCache();
  KvCache three = multimodal.makeCache();
  three.setPositions(multimodalPositions(5, {}));
  const at::Tensor expected = plain.forwardCached(rows, one);
  EXPECT_TRUE(at::allclose(multimodal.forwardCached(rows, three), expected, 1e-4, 1e-5));
}

// Pieces over a cache, beyond the placed tokens too, give what one pass gives.
TEST(MultimodalDecoder, PiecesGiveTheWhole) {
  RandomWeights weights(4);
  const Decoder decoder(Scope(weights, ""), smallDecoder(axesInSections(kSections)));
  const at::Tensor positions = multimodalPositions(8, std::vector<ImagePlace>{{.begin = 1, .rows = 3, .columns = 2}});
  const at::Tensor rows = seededRandom({10, 16}, 2);
  KvCache whole = decoder.makeCache();
  whole.setPositions(positions);
  const at::Tensor expected = decoder.forwardCached(rows, whole);
  KvCache cache = decoder.makeCache();
  cache.setPositions(positions);
  std::vector<at::Tensor> pieces;
  for (const auto& [begin, count] : {std::pair{0, 4}, {4, 3}, {7, 2}, {9, 1}})
    pieces.push_back(decoder.forwardCached(rows.narrow(0, begin, count), cache));
  EXPECT_TRUE(at::allclose(at::cat(pieces), expected, 1e-4, 1e-5));
  KvCache unplaced = decoder.makeCache();
  EXPECT_FALSE(at::allclose(decoder.forwardCached(rows, unplaced), expected, 1e-3, 1e-3));
}

TEST(Decoder, AddsRowsAfterTheFirstLayers) {
  RandomWeights weights(5);
  const Decoder decoder(Scope(weights, ""), smallDecoder({}));
  const at::Tensor rows = seededRandom({4, 16}, 3);
  const at::Tensor zeros = at::zeros({4, 16});
  const auto run = [&](const std::vector<at::Tensor>& added) {
    KvCache cache = decoder.makeCache();
    return decoder.forwardCached(rows, cache, nullptr, added);
  };
  EXPECT_TRUE(at::equal(run({zeros, zeros}), run({})));
  // After the last layer an addition reaches nothing but the final norm of its own token.
  at::Tensor late = zeros.clone();
  late[1].fill_(1.0);
  const at::Tensor changed = run({zeros, late});
  EXPECT_FALSE(at::allclose(changed[1], run({})[1]));
  EXPECT_TRUE(at::allclose(changed[3], run({})[3]));
  // After the first one the tokens behind it see it.
  EXPECT_FALSE(at::allclose(run({late, zeros})[3], run({})[3]));
}

}  // namespace
}  // namespace orthoscribe::model
