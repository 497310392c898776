// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/decoder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

DecoderConfig smallConfig(bool fused) {
  DecoderConfig config;
  config.vocabulary = 20;
  config.hidden = 16;
  config.intermediate = 24;
  config.layers = 2;
  config.heads = 4;
  config.kvHeads = 2;
  config.headSize = 6;
  config.qkvBias = !fused;
  config.fusedLinears = fused;
  config.maxPositions = 64;
  config.rotary.headSize = 6;
  config.rotary.maxPositions = 64;
  return config;
}

void expectSame(const at::Tensor& got, const at::Tensor& expected) {
  ASSERT_EQ(got.sizes(), expected.sizes());
  EXPECT_TRUE(at::allclose(got, expected, 1e-4, 1e-5)) << "largest difference " << (got - expected).abs().max().item<double>();
}

struct Shape {
  bool fused;
  std::int64_t window;
};

class DecoderStack : public testing::TestWithParam<Shape> {
 protected:
  DecoderStack() {
    config_ = smallConfig(GetParam().fused);
    config_.slidingWindow = GetParam().window;
  }
  Decoder make() { return {Scope(weights_, ""), config_}; }

  DecoderConfig config_;
  RandomWeights weights_{7};
};

TEST_P(DecoderStack, CacheChangesNothing) {
  const Decoder decoder = make();
  const at::Tensor embeddings = decoder.embed(at::arange(11));
  const at::Tensor whole = decoder.forward(embeddings.unsqueeze(0), at::arange(11), std::nullopt).squeeze(0);
  KvCache cache = decoder.makeCache();
  std::vector<at::Tensor> pieces;
  std::int64_t begin = 0;
  for (const std::int64_t count : {4, 1, 3, 1, 1, 1}) {
    pieces.push_back(decoder.forwardCached(embeddings.narrow(0, begin, count), cache));
    begin += count;
  }
  EXPECT_EQ(cache.length(), 11);
  expectSame(at::cat(pieces, 0), whole);
}

TEST_P(DecoderStack, TruncatedCacheForgets) {
  const Decoder decoder = make();
  const at::Tensor embeddings = decoder.embed(at::arange(8));
  KvCache cache = decoder.makeCache();
  decoder.forwardCached(embeddings, cache);
  cache.truncate(3);
  const at::Tensor again = decoder.forwardCached(embeddings.narrow(0, 3, 5), cache);
  expectSame(again, decoder.forward(embeddings.unsqueeze(0), at::arange(8), std::nullopt)[0].narrow(0, 3, 5));
}

// Sequences of a batch, padded on the right, as each alone.
TEST_P(DecoderStack, BatchesEqualSingleSequences) {
  const Decoder decoder = make();
  const at::Tensor ids = at::arange(18).reshape({2, 9});
  const std::int64_t window = config_.slidingWindow > 0 ? config_.slidingWindow : 9;
  const at::Tensor rows = at::arange(9).unsqueeze(1);
  const at::Tensor columns = at::arange(9).unsqueeze(0);
  const at::Tensor seen = (columns <= rows) & (columns > rows - window);
  const at::Tensor positions = at::arange(9).expand({2, 9});
  const at::Tensor batch = decoder.forward(decoder.embed(ids), positions, seen.unsqueeze(0).unsqueeze(0));
  for (const std::int64_t length : {9, 5}) {
    const at::Tensor alone =
        decoder.forward(decoder.embed(ids[1].narrow(0, 0, length)).unsqueeze(0), at::arange(length), std::nullopt);
    expectSame(batch[1].narrow(0, 0, length), alone[0]);
  }
}

TEST_P(DecoderStack, GradientsReachEveryWeight) {
  RandomWeights trained(7, true);
  const Decoder decoder(Scope(trained, ""), config_);
  const at::Tensor hidden = decoder.forward(decoder.embed(at::arange(12).reshape({2, 6})), at::arange(6), std::nullopt);
  decoder.logits(hidden).square().sum().backward();
  for (const auto& [name, value] : trained.values()) {
    ASSERT_TRUE(value.grad().defined()) << name;
    EXPECT_GT(value.grad().abs().max().item<double>(), 0.0) << name;
  }
}

TEST_P(DecoderStack, LaterTokensChangeNothingBefore) {
  const Decoder decoder = make();
  at::Tensor ids = at::arange(10);
  const at::Tensor before = decoder.forward(decoder.embed(ids).unsqueeze(0), at::arange(10), std::nullopt);
  ids = ids.clone();
  ids[9] = 3;
  const at::Tensor after = decoder.forward(decoder.embed(ids).unsqueeze(0), at::arange(10), std::nullopt);
  EXPECT_TRUE(at::equal(before.narrow(1, 0, 9), after.narrow(1, 0, 9)));
  EXPECT_FALSE(at::equal(before[0][9], after[0][9]));
}

INSTANTIATE_TEST_SUITE_P(Shapes, DecoderStack, testing::Values(Shape{false, 0}, Shape{true, 0}, Shape{false, 3}),
                         [](const auto& test) {
                           return std::string(test.param.fused ? "Fused" : "Separate") +
                                  (test.param.window > 0 ? "Windowed" : "Whole");
                         });

TEST(SlidingWindow, ForgetsWhatLiesBeforeIt) {
  DecoderConfig config = smallConfig(false);
  config.layers = 1;
  config.slidingWindow = 4;
  RandomWeights weights(7);
  const Decoder decoder(Scope(weights, ""), config);
  at::Tensor ids = at::arange(10);
  const at::Tensor before = decoder.forward(decoder.embed(ids).unsqueeze(0), at::arange(10), std::nullopt)[0];
  ids = ids.clone();
  ids[2] = 15;
  const at::Tensor after = decoder.forward(decoder.embed(ids).unsqueeze(0), at::arange(10), std::nullopt)[0];
  const at::Tensor changed = (before - after).abs().amax(-1) > 1e-6;
  // One layer: position 2 is seen by 2, 3, 4, 5.
  EXPECT_TRUE(at::equal(changed, (at::arange(10) >= 2) & (at::arange(10) <= 5)));
}

TEST(Rotary, TurnsPairsByTheirAngle) {
  const Rotary rotary(
      {.headSize = 4, .theta = 100.0, .shortFactors = {}, .longFactors = {}, .originalMaxPositions = 0, .maxPositions = 0});
  const at::Tensor heads = at::tensor({1.0F, 2.0F, 3.0F, 4.0F}).reshape({1, 1, 1, 4});
  const at::Tensor turned = applyRotary(heads, rotary.tables(at::tensor({3}, at::kLong), 4)).flatten();
  const double angles[] = {3.0, 3.0 / 10.0};
  for (int i = 0; i < 2; ++i) {
    const double x = 1.0 + i;
    const double y = 3.0 + i;
    EXPECT_NEAR(turned[i].item<double>(), x * std::cos(angles[i]) - y * std::sin(angles[i]), 1e-5);
    EXPECT_NEAR(turned[i + 2].item<double>(), y * std::cos(angles[i]) + x * std::sin(angles[i]), 1e-5);
  }
}

TEST(Rotary, LongFactorsActAboveTheOriginalLength) {
  const Rotary rotary({.headSize = 2,
                       .theta = 10000.0,
                       .shortFactors = {1.0},
                       .longFactors = {4.0},
                       .originalMaxPositions = 4096,
                       .maxPositions = 131072});
  const at::Tensor position = at::tensor({2}, at::kLong);
  // skynova.md section 1.7: the magnitude holds in both regimes.
  EXPECT_NEAR(rotary.tables(position, 4096).cosine[0][0].item<double>(), 1.1902380714 * std::cos(2.0), 1e-6);
  EXPECT_NEAR(rotary.tables(position, 4097).cosine[0][0].item<double>(), 1.1902380714 * std::cos(0.5), 1e-6);
  EXPECT_FALSE(rotary.factorsChange(1, 4096));
  EXPECT_TRUE(rotary.factorsChange(4096, 4097));
  EXPECT_FALSE(rotary.factorsChange(4097, 5000));
}

}  // namespace
}  // namespace orthoscribe::model
