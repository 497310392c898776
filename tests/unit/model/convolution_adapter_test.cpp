// SPDX-License-Identifier: GPL-2.0-or-later
// Low-rank updates on the convolutions of the starter's tower.
#include <ATen/ATen.h>

#include "core/base/files.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/blocks/conv_tower.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kRank = 2;
constexpr std::int64_t kHead = 6;

ConvTowerConfig smallTower() {
  return {.stem = 4,
          .stage4 = 5,
          .stage8 = 6,
          .stage16 = 7,
          .stage32 = 8,
          .pyramid = 5,
          .head = kHead,
          .objectClasses = 3,
          .scenes = 2,
          .attributes = 2};
}

AdapterConfig twoTargets() {
  AdapterConfig config;
  config.type = "LORA";
  config.rank = kRank;
  config.scale = 1.5;
  config.targets = {"tower.pyramid.smooth4", "tower.heads.heat"};
  return config;
}

class ConvolutionAdapter : public testing::Test {
 protected:
  void SetUp() override {
    tower();
    for (auto& [name, value] : weights_.values())
      if (name.ends_with("running_var")) value.abs_();
  }
  ConvTower tower(Adapters adapters = {}) { return {Scope(weights_, "tower."), smallTower(), adapters}; }
  ConvTowerOutput seenBy(const ConvTower& tower) const { return tower.forward(pixels_, false); }

  RandomWeights weights_{3};
  at::Tensor pixels_ = at::linspace(-1, 1, 2 * 3 * 32 * 64).view({2, 3, 32, 64}).sin();
};

TEST_F(ConvolutionAdapter, EqualsTheSumWrittenByHand) {
  const auto source = std::make_shared<RandomWeights>(4);
  const std::vector<Adapter> adapters = {Adapter(twoTargets(), source, "")};
  const ConvTowerOutput adapted = seenBy(tower(adapters));

  RandomWeights merged = weights_;
  const at::Tensor a = source->values().at("tower.pyramid.smooth4.lora_A.weight");
  const at::Tensor b = source->values().at("tower.pyramid.smooth4.lora_B.weight");
  ASSERT_EQ(a.sizes(), at::IntArrayRef({kRank, kHead, 3, 3}));
  ASSERT_EQ(b.sizes(), at::IntArrayRef({kHead, kRank, 1, 1}));
  // B A of two convolutions in a row, as PEFT runs them.
  const at::Tensor delta = at::conv2d(a.permute({1, 0, 2, 3}), b).permute({1, 0, 2, 3});
  merged.values().at("tower.pyramid.smooth4.weight") = weights_.values().at("tower.pyramid.smooth4.weight") + 1.5 * delta;
  const at::Tensor headA = source->values().at("tower.heads.heat.lora_A.weight").flatten(1);
  const at::Tensor headB = source->values().at("tower.heads.heat.lora_B.weight").flatten(1);
  const at::Tensor head = weights_.values().at("tower.heads.heat.weight");
  merged.values().at("tower.heads.heat.weight") = head + 1.5 * at::matmul(headB, headA).view(head.sizes());
  const ConvTowerOutput expected = ConvTower(Scope(merged, "tower."), smallTower()).forward(pixels_, false);

  EXPECT_TRUE(at::allclose(adapted.heat, expected.heat, 1e-4, 1e-5)) << (adapted.heat - expected.heat).abs().max().item<double>();
  EXPECT_TRUE(at::allclose(adapted.geometry, expected.geometry, 1e-4, 1e-5));
  EXPECT_FALSE(at::allclose(adapted.heat, seenBy(tower()).heat, 1e-2, 1e-2)) << "the update changes something";
}

TEST_F(ConvolutionAdapter, WithoutTargetsTheTowerIsTheSameBitForBit) {
  AdapterConfig other = twoTargets();
  other.targets = {"gate_proj"};
  const std::vector<Adapter> adapters = {Adapter(other, std::make_shared<RandomWeights>(4), "")};
  const ConvTowerOutput with = seenBy(tower(adapters));
  const ConvTowerOutput without = seenBy(tower());
  EXPECT_TRUE(at::equal(with.heat, without.heat));
  EXPECT_TRUE(at::equal(with.geometry, without.geometry));
  EXPECT_TRUE(at::equal(with.scenes, without.scenes));
}

TEST_F(ConvolutionAdapter, IsDifferentiableInBothParts) {
  const auto source = std::make_shared<RandomWeights>(4);
  const std::vector<Adapter> adapters = {Adapter(twoTargets(), source, "")};
  tower(adapters);
  for (auto& [name, value] : source->values()) value.set_requires_grad(true);
  seenBy(tower(adapters)).heat.square().sum().backward();
  for (const auto& [name, value] : source->values()) {
    ASSERT_TRUE(value.grad().defined()) << name;
    EXPECT_GT(value.grad().abs().max().item<double>(), 0) << name;
  }
}

class ConvolutionAdapterFolder : public ConvolutionAdapter {
 protected:
  void write(c10::IntArrayRef a, c10::IntArrayRef b) {
    AdapterConfig config = twoTargets();
    config.targets = {"tower.pyramid.smooth4"};
    writeAdapter(folder_.path(), config,
                 {{"base_model.model.tower.pyramid.smooth4.lora_A.weight", at::randn(a)},
                  {"base_model.model.tower.pyramid.smooth4.lora_B.weight", at::randn(b)}});
  }
  Adapter load() const { return Adapter::load(folder_.path(), at::kFloat, at::kCPU); }
  TemporaryDirectory folder_;
};

TEST_F(ConvolutionAdapterFolder, IsReadAndChangesImages) {
  write({kRank, kHead, 3, 3}, {kHead, kRank, 1, 1});
  const std::vector<Adapter> adapters = {load()};
  EXPECT_TRUE(adapters.front().changesImages());
  EXPECT_FALSE(at::equal(seenBy(tower(adapters)).heat, seenBy(tower()).heat));
  adapters.front().checkAllUsed();
}

TEST_F(ConvolutionAdapterFolder, AnotherShapeIsRefusedByName) {
  write({kRank, kHead + 1, 3, 3}, {kHead, kRank, 1, 1});
  const std::vector<Adapter> adapters = {load()};
  expectError(ErrorCode::InvalidInput, {"tower.pyramid.smooth4.lora_A.weight", "[2, 6, 3, 3]", "[2, 7, 3, 3]"},
              [&] { tower(adapters); });
}

TEST_F(ConvolutionAdapterFolder, ATensorOfAnotherTowerIsRefusedByName) {
  write({kRank, kHead, 3, 3}, {kHead, kRank, 1, 1});
  const Adapter adapter = load();
  expectError(ErrorCode::InvalidInput, {"tower.pyramid.smooth4.lora_"}, [&] { adapter.checkAllUsed(); });
}

}  // namespace
}  // namespace orthoscribe::model
