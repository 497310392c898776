// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <map>
#include <string>

#include "core/model/blocks/patch_grid.h"
#include "core/model/blocks/qwen25_vision.h"
#include "core/model/blocks/qwen3_vision.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

using testing::ElementsAre;

QwenVisionConfig smallTower() {
  return {.hidden = 16, .layers = 3, .heads = 2, .intermediate = 12, .patchSide = 3, .frames = 2, .merge = 2, .outputs = 10};
}

// One picture of rows x columns tokens.
at::Tensor picture(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return seededRandom({1, rows, columns, 4, smallTower().patchValues()}, seed);
}

TEST(PatchGrid, PatchesOfATokenStandTogether) {
  const at::Tensor places = patchPlaces({.rows = 4, .columns = 4, .merge = 2}, at::kCPU);
  EXPECT_TRUE(at::equal(places[0], at::tensor({0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3}, at::kLong)));
  EXPECT_TRUE(at::equal(places[1], at::tensor({0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3}, at::kLong)));
}

// 3 x 5 tokens in windows of 2: whole ones and those that the lower and the right edge cut.
TEST(WindowPlan, CutsWindowsAtTheEdges) {
  const WindowPlan plan = planWindows({.rows = 6, .columns = 10, .merge = 2}, 2);
  EXPECT_TRUE(at::equal(plan.order, at::tensor({0, 1, 5, 6, 2, 3, 7, 8, 4, 9, 10, 11, 12, 13, 14}, at::kLong)));
  EXPECT_THAT(plan.ends, ElementsAre(0, 16, 32, 40, 48, 56, 60));
}

TEST(PatchAttention, SegmentsDoNotSeeEachOther) {
  RandomWeights weights(1);
  const PatchAttention attention(Scope(weights, ""), 16, 2);
  const RotaryTables tables = patchRotary({.rows = 4, .columns = 4, .merge = 2}, 8, at::kCPU);
  const at::Tensor hidden = seededRandom({16, 16}, 2);
  // Two of four patches, then eight at once: lengths that are joined and one that is not.
  const std::vector<std::int64_t> ends = {0, 4, 8, 16};
  const at::Tensor mixed = attention.forward(hidden, tables, ends);
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const std::int64_t count = ends[i + 1] - ends[i];
    const RotaryTables own = {tables.cosine.narrow(0, ends[i], count), tables.sine.narrow(0, ends[i], count)};
    const at::Tensor alone = attention.forward(hidden.narrow(0, ends[i], count), own, std::vector<std::int64_t>{0, count});
    EXPECT_TRUE(at::allclose(mixed.narrow(0, ends[i], count), alone, 1e-4, 1e-5)) << i;
  }
  EXPECT_FALSE(at::allclose(attention.forward(hidden, tables, std::vector<std::int64_t>{0, 16}), mixed, 1e-3, 1e-3));
}

Qwen25VisionConfig windowed(std::set<std::int64_t> full) {
  return {.tower = smallTower(), .windowTokens = 2, .fullLayers = std::move(full)};
}

TEST(Qwen25Vision, WindowsStayApartUntilAFullLayer) {
  RandomWeights weights(2);
  const Qwen25Vision apart(Scope(weights, ""), windowed({}));
  const Qwen25Vision joined(Scope(weights, ""), windowed({1}));
  const at::Tensor before = picture(3, 5, 3);
  at::Tensor after = before.clone();
  after[0][0][0].add_(1.0);  // in the window of tokens 0, 1, 5, 6
  const at::Tensor change = (apart.encode(after, nullptr) - apart.encode(before, nullptr)).abs().sum(1);
  for (std::int64_t token = 0; token < 15; ++token) {
    const bool inWindow = token == 0 || token == 1 || token == 5 || token == 6;
    EXPECT_EQ(change[token].item<float>() > 1e-4f, inWindow) << token;
  }
  const at::Tensor everywhere = (joined.encode(after, nullptr) - joined.encode(before, nullptr)).abs().sum(1);
  EXPECT_GT(everywhere.min().item<float>(), 1e-6f);
}

// Windows that hold the whole picture are no windows, and their order is the picture's own.
TEST(Qwen25Vision, OneWindowIsFullAttention) {
  RandomWeights weights(2);
  Qwen25VisionConfig config = windowed({});
  config.windowTokens = 8;
  const Qwen25Vision oneWindow(Scope(weights, ""), config);
  const Qwen25Vision full(Scope(weights, ""), windowed({0, 1, 2}));
  const at::Tensor pixels = picture(3, 5, 4);
  EXPECT_TRUE(at::allclose(oneWindow.encode(pixels, nullptr), full.encode(pixels, nullptr), 1e-4, 1e-5));
}

TEST(Qwen25Vision, RefusesOtherShapes) {
  RandomWeights weights(2);
  const Qwen25Vision tower(Scope(weights, ""), windowed({}));
  expectError(ErrorCode::InvalidInput, {"[1, rows, columns, 4, 54]"},
              [&] { tower.encode(at::zeros({2, 3, 4, 4, 54}), nullptr); });
  expectError(ErrorCode::InvalidInput, {"[1, rows, columns, 4, 54]"}, [&] { tower.encode(at::zeros({1, 3, 14, 14}), nullptr); });
}

TEST(InterpolatedPositions, KeepTheGridAndMeetItsCorners) {
  const at::Tensor table = seededRandom({9, 4}, 5);
  EXPECT_TRUE(at::allclose(interpolatedPositions(table, 3, 3, 3).reshape({9, 4}), table));
  // Four columns over three: at 0, 2/3, 4/3 and 2. Two rows: the first and the last.
  const at::Tensor wide = interpolatedPositions(table, 3, 2, 4);
  ASSERT_EQ(wide.sizes(), at::IntArrayRef({2, 4, 4}));
  EXPECT_TRUE(at::allclose(wide[0][0], table[0]));
  EXPECT_TRUE(at::allclose(wide[1][3], table[8]));
  EXPECT_TRUE(at::allclose(wide[1][1], table[6] / 3.0 + table[7] * (2.0 / 3.0), 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(wide[0][2], table[1] * (2.0 / 3.0) + table[2] / 3.0, 1e-4, 1e-5));
}

TEST(Qwen3Vision, PutsWhatIsAddedBehindTheRows) {
  RandomWeights weights(6);
  const Qwen3Vision tower(Scope(weights, ""), {.tower = smallTower(), .positionSide = 5, .deepLayers = {2, 0}});
  std::map<std::string, at::Tensor> seen;
  const Observer observer = [&](std::string_view name, const at::Tensor& value) { seen[std::string(name)] = value; };
  const at::Tensor rows = tower.encode(picture(2, 3, 7), &observer);
  EXPECT_EQ(tower.addedLayers(), 2);
  ASSERT_EQ(rows.sizes(), at::IntArrayRef({6, 30}));
  EXPECT_TRUE(at::equal(rows.narrow(1, 0, 10), seen.at("vision_projected")));
  EXPECT_TRUE(at::equal(rows.narrow(1, 10, 10), seen.at("vision_deepstack_0")));
  EXPECT_TRUE(at::equal(rows.narrow(1, 20, 10), seen.at("vision_deepstack_1")));
  // The second merger looks at the first block.
  const auto& values = weights.values();
  const at::Tensor grouped = seen.at("vision_block_first").reshape({6, 64});
  const at::Tensor normed = at::layer_norm(grouped, {64}, values.at("deepstack_merger_list.1.norm.weight"),
                                           values.at("deepstack_merger_list.1.norm.bias"), 1e-6);
  const at::Tensor inner = at::gelu(at::linear(normed, values.at("deepstack_merger_list.1.linear_fc1.weight"),
                                               values.at("deepstack_merger_list.1.linear_fc1.bias")));
  const at::Tensor expected = at::linear(inner, values.at("deepstack_merger_list.1.linear_fc2.weight"),
                                         values.at("deepstack_merger_list.1.linear_fc2.bias"));
  EXPECT_TRUE(at::allclose(seen.at("vision_deepstack_1"), expected, 1e-4, 1e-4));
}

}  // namespace
}  // namespace orthoscribe::model
