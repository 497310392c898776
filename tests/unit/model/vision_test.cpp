// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>

#include "core/model/blocks/pixel_shuffle_projector.h"
#include "core/model/blocks/vision_transformer.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

VisionTransformerConfig smallTower() {
  VisionTransformerConfig config;
  config.hidden = 8;
  config.layers = 2;
  config.heads = 2;
  config.intermediate = 12;
  config.patchSide = 4;
  config.imageSide = 16;
  config.selectedState = 2;
  return config;
}

TEST(PixelShuffle, JoinsNeighboursRowsFirst) {
  // Patch (row, column) holds 10 * row + column.
  const at::Tensor patches = (10 * at::arange(4).unsqueeze(1) + at::arange(6)).reshape({1, 24, 1});
  const at::Tensor tokens = pixelShuffle(patches, 4, 6, 2);
  ASSERT_EQ(tokens.sizes(), at::IntArrayRef({1, 6, 4}));
  EXPECT_TRUE(at::equal(tokens[0][0], at::tensor({0, 1, 10, 11}, at::kLong)));
  EXPECT_TRUE(at::equal(tokens[0][1], at::tensor({2, 3, 12, 13}, at::kLong)));
  EXPECT_TRUE(at::equal(tokens[0][3], at::tensor({20, 21, 30, 31}, at::kLong)));
}

TEST(VisionTransformer, GivesOnePatchAToken) {
  RandomWeights weights(1);
  const VisionTransformer tower(Scope(weights, ""), smallTower());
  EXPECT_EQ(tower.forward(seededRandom({3, 3, 16, 16}, 2), nullptr).sizes(), at::IntArrayRef({3, 16, 8}));
  // Another grid than the table's: it is resampled.
  EXPECT_EQ(tower.forward(seededRandom({1, 3, 8, 24}, 2), nullptr).sizes(), at::IntArrayRef({1, 12, 8}));
}

TEST(VisionTransformer, TilesDoNotSeeEachOther) {
  RandomWeights weights(1);
  const VisionTransformer tower(Scope(weights, ""), smallTower());
  const at::Tensor tiles = seededRandom({2, 3, 16, 16}, 3);
  const at::Tensor alone = tower.forward(tiles.narrow(0, 1, 1), nullptr);
  EXPECT_TRUE(at::allclose(tower.forward(tiles, nullptr).narrow(0, 1, 1), alone, 1e-4, 1e-5));
}

TEST(VisionTransformer, SelectsAnEarlierLayer) {
  RandomWeights weights(1);
  VisionTransformerConfig config = smallTower();
  config.selectedState = 1;
  const VisionTransformer tower(Scope(weights, ""), config);
  at::Tensor first;
  const Observer observer = [&](std::string_view name, const at::Tensor& value) {
    if (name == "vision_layer_first") first = value;
  };
  const at::Tensor patches = tower.forward(seededRandom({1, 3, 16, 16}, 2), &observer);
  EXPECT_TRUE(at::equal(patches, first.narrow(1, 1, 16)));
}

// The larger tower: RMS norms, also on queries and keys over all heads together (skynova.md section 1.5).
TEST(VisionLayer, NormsQueriesAndKeysOverAllHeads) {
  RandomWeights weights(1);
  VisionTransformerConfig config = smallTower();
  config.rmsNorm = true;
  config.qkNorm = true;
  config.qkvBias = false;
  const VisionLayer layer(Scope(weights, ""), config);
  auto& values = weights.values();
  const auto norm = [&](const at::Tensor& x, const std::string& name) {
    return x / (x.square().mean(-1, true) + config.normEpsilon).sqrt() * values.at(name + ".weight");
  };
  const at::Tensor input = seededRandom({1, 5, 8}, 4);
  const auto parts = at::linear(norm(input, "norm1"), values.at("attn.qkv.weight")).chunk(3, -1);
  const auto heads = [](const at::Tensor& x) { return x.reshape({1, 5, 2, 4}).transpose(1, 2); };
  const at::Tensor scores =
      at::matmul(heads(norm(parts[0], "attn.q_norm")), heads(norm(parts[1], "attn.k_norm")).transpose(2, 3)) / 2.0;
  const at::Tensor mixed = at::matmul(at::softmax(scores, -1), heads(parts[2])).transpose(1, 2).reshape({1, 5, 8});
  const at::Tensor attended =
      input + values.at("ls1") * at::linear(mixed, values.at("attn.proj.weight"), values.at("attn.proj.bias"));
  const at::Tensor inner = at::gelu(at::linear(norm(attended, "norm2"), values.at("mlp.fc1.weight"), values.at("mlp.fc1.bias")));
  const at::Tensor expected =
      attended + values.at("ls2") * at::linear(inner, values.at("mlp.fc2.weight"), values.at("mlp.fc2.bias"));
  EXPECT_TRUE(at::allclose(layer.forward(input), expected, 1e-4, 1e-5));
}

TEST(VisionTransformer, RefusesSidesThatAreNoMultipleOfAPatch) {
  RandomWeights weights(1);
  const VisionTransformer tower(Scope(weights, ""), smallTower());
  expectError(ErrorCode::InvalidInput, {"multiples of 4"}, [&] { tower.forward(at::zeros({1, 3, 16, 18}), nullptr); });
  expectError(ErrorCode::InvalidInput, {"multiples of 4"}, [&] { tower.forward(at::zeros({3, 16, 16}), nullptr); });
}

}  // namespace
}  // namespace orthoscribe::model
