// SPDX-License-Identifier: GPL-2.0-or-later
#include <ATen/ATen.h>

#include "core/base/files.h"
#include "core/model/adapters/adapter.h"
#include "core/model/blocks/gated_mlp.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kHidden = 12;
constexpr std::int64_t kIntermediate = 20;
constexpr std::int64_t kExperts = 5;
constexpr std::int64_t kRank = 3;

AdapterConfig mixture(Mixing mixing = Mixing::PerLinear) {
  AdapterConfig config;
  config.type = "MOLE";
  config.rank = kRank;
  config.scale = 1.5;
  config.experts = kExperts;
  config.topK = 2;
  config.mixing = mixing;
  config.targets = {"gate_proj", "up_proj", "down_proj"};
  return config;
}

void expectSame(const at::Tensor& got, const at::Tensor& expected) {
  EXPECT_TRUE(at::allclose(got, expected, 1e-4, 1e-5)) << "largest difference " << (got - expected).abs().max().item<double>();
}

TEST(Router, ChoosesTheLargestAndRenormalises) {
  const Router router(at::eye(4), 2, true);
  const Routing routing = router.route(at::tensor({0.0, 2.0, 1.0, 0.5}, at::kFloat).unsqueeze(0));
  EXPECT_TRUE(at::equal(routing.experts, at::tensor({1, 2}, at::kLong).unsqueeze(0)));
  const double first = std::exp(2.0) / (std::exp(2.0) + std::exp(1.0));
  EXPECT_NEAR(routing.weights[0][0].item<double>(), first, 1e-6);
  EXPECT_NEAR(routing.gates[0][1].item<double>(), first, 1e-6);
  EXPECT_EQ(routing.gates[0][0].item<double>(), 0.0);
}

TEST(Router, BreaksTiesByTheLowestIndex) {
  const Routing routing = Router(at::zeros({8, 3}), 3, true).route(at::ones({2, 3}));
  EXPECT_TRUE(at::equal(routing.experts[1], at::tensor({0, 1, 2}, at::kLong)));
}

// One block with a mixture, and the same sum written as loops over tokens and experts.
class MixtureOfExperts : public testing::TestWithParam<bool> {
 protected:
  GatedMlp block(Mixing mixing) {
    adapters_ = {Adapter(mixture(mixing), source_, "")};
    return {Scope(*weights_, "layers.0.mlp."),
            {.hidden = kHidden, .intermediate = kIntermediate, .fusedInput = GetParam()},
            adapters_};
  }
  at::Tensor update(const std::string& linear, std::int64_t expert, const at::Tensor& input) const {
    const std::string name = "layers.0.mlp." + linear + ".experts." + std::to_string(expert) + ".";
    const auto& values = source_->values();
    return at::linear(at::linear(input, values.at(name + "lora_A.weight")), values.at(name + "lora_B.weight")) * 1.5;
  }
  at::Tensor base(const std::string& linear, const at::Tensor& input) const {
    const auto& values = weights_->values();
    if (!GetParam() || linear == "down_proj") return at::linear(input, values.at("layers.0.mlp." + linear + ".weight"));
    const at::Tensor fused = at::linear(input, values.at("layers.0.mlp.gate_up_proj.weight"));
    return fused.narrow(-1, linear == "gate_proj" ? 0 : kIntermediate, kIntermediate);
  }
  at::Tensor mixed(const std::string& linear, const at::Tensor& input, const at::Tensor& gates) const {
    at::Tensor sum = base(linear, input);
    for (std::int64_t expert = 0; expert < kExperts; ++expert) sum = sum + gates[expert] * update(linear, expert, input);
    return sum;
  }
  at::Tensor feedForward(const at::Tensor& token, std::int64_t expert) const {
    const at::Tensor inner = at::silu(base("gate_proj", token) + update("gate_proj", expert, token)) *
                             (base("up_proj", token) + update("up_proj", expert, token));
    return base("down_proj", inner) + update("down_proj", expert, inner);
  }

  std::shared_ptr<RandomWeights> weights_ = std::make_shared<RandomWeights>(1);
  std::shared_ptr<RandomWeights> source_ = std::make_shared<RandomWeights>(2);
  std::vector<Adapter> adapters_;
};

TEST_P(MixtureOfExperts, GroupedEqualsLoops) {
  const GatedMlp mlp = block(Mixing::PerLinear);
  const at::Tensor hidden = seededRandom({2, 7, kHidden}, 3);
  std::vector<HeardRouting> heard;
  RoutingPass pass{.tokens = {}, .instruction = {}, .heard = &heard};
  const at::Tensor got = mlp.forward(hidden, &pass);
  ASSERT_EQ(heard.size(), 1U);
  const Routing& routing = heard.front().routing;
  for (std::int64_t b = 0; b < 2; ++b) {
    for (std::int64_t t = 0; t < 7; ++t) {
      const at::Tensor token = hidden[b][t];
      const at::Tensor gates = routing.gates[b][t];
      const at::Tensor inner = at::silu(mixed("gate_proj", token, gates)) * mixed("up_proj", token, gates);
      expectSame(got[b][t], mixed("down_proj", inner, gates));
    }
  }
}

TEST_P(MixtureOfExperts, WholeBlocksEqualLoops) {
  const GatedMlp mlp = block(Mixing::WholeBlock);
  const at::Tensor hidden = seededRandom({1, 5, kHidden}, 4);
  std::vector<HeardRouting> heard;
  RoutingPass pass{.tokens = {}, .instruction = {}, .heard = &heard};
  const at::Tensor got = mlp.forward(hidden, &pass);
  ASSERT_EQ(heard.size(), 1U);
  const Routing& routing = heard.front().routing;
  for (std::int64_t t = 0; t < 5; ++t) {
    at::Tensor sum = at::zeros({kHidden});
    for (std::int64_t e = 0; e < kExperts; ++e) sum = sum + routing.gates[0][t][e] * feedForward(hidden[0][t], e);
    expectSame(got[0][t], sum);
  }
}

TEST_P(MixtureOfExperts, GradientsReachEveryPart) {
  source_ = std::make_shared<RandomWeights>(2, true);
  const GatedMlp mlp = block(Mixing::PerLinear);
  mlp.forward(seededRandom({4, 16, kHidden}, 5), nullptr).square().sum().backward();
  ASSERT_EQ(source_->values().size(), 1U + 3U * kExperts * 2U);
  for (const auto& [name, value] : source_->values()) {
    ASSERT_TRUE(value.grad().defined()) << name;
    EXPECT_GT(value.grad().abs().max().item<double>(), 0.0) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Linears, MixtureOfExperts, testing::Bool(),
                         [](const auto& test) { return test.param ? "Fused" : "Separate"; });

class AdapterFolder : public testing::Test {
 protected:
  void write(const std::string& config, const std::map<std::string, torch::Tensor>& tensors) const {
    writeTextFile(folder_.path() / "adapter_config.json", config);
    writeSafetensors(folder_.path() / "adapter_model.safetensors", tensors);
  }
  Adapter load() const { return Adapter::load(folder_.path(), at::kFloat, at::kCPU); }

  const std::string lora_ = R"({"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":["down_proj"])";
  TemporaryDirectory folder_;
};

TEST_F(AdapterFolder, PlainLoraIsAdded) {
  const std::string name = "base_model.model.model.layers.0.mlp.down_proj.";
  const at::Tensor a = seededRandom({2, 6}, 1);
  const at::Tensor b = seededRandom({4, 2}, 2);
  write(lora_ + "}", {{name + "lora_A.weight", a}, {name + "lora_B.weight", b}});
  const std::vector<Adapter> adapters = {load()};
  RandomWeights weights(3);
  const Linear linear(Scope(weights, "language_model.model.layers.0.mlp.down_proj."), {6, 4, false, {}}, adapters);
  const at::Tensor input = seededRandom({3, 6}, 4);
  const at::Tensor weight = weights.values().begin()->second;
  expectSame(linear.forward(input), at::linear(input, weight + 2.0 * at::matmul(b, a)));
  EXPECT_NO_THROW(adapters.front().checkAllUsed());
}

TEST_F(AdapterFolder, WhatIsNotAppliedIsRefused) {
  const std::map<std::string, torch::Tensor> none = {{"layers.0.mlp.down_proj.lora_A.weight", at::ones({2, 6})}};
  for (const char* field : {R"("use_dora":true)", R"("lora_bias":true)", R"("bias":"all")",
                            R"("init_lora_weights":"pissa_niter_4")", R"("layer_replication":[[0,1]])"}) {
    write(lora_ + "," + field + "}", none);
    expectError(ErrorCode::Unsupported, {"adapter_config.json"}, [&] { load(); });
  }
  write(lora_ + R"(,"modules_to_save":["lm_head"]})", none);
  expectError(ErrorCode::InvalidInput, {"adapter_config.json", "lm_head"}, [&] { load(); });
  write(R"({"peft_type":"VERA"})", none);
  expectError(ErrorCode::Unsupported, {"VERA", "LORA, MOLE, MIXLORA"}, [&] { load(); });
  write(R"({"peft_type":"MOLE","r":2,"lora_alpha":4,"target_modules":["down_proj"],"num_experts":2,"top_k":3})", none);
  expectError(ErrorCode::InvalidInput, {"top_k"}, [&] { load(); });
}

TEST_F(AdapterFolder, APickleOfTheOldFormatIsRefused) {
  writeTextFile(folder_.path() / "adapter_config.json", lora_ + "}");
  writeTextFile(folder_.path() / "adapter_model.bin", "\x80\x02");
  expectError(ErrorCode::Unsupported, {"adapter_model.bin", "old format"}, [&] { load(); });
}

TEST_F(AdapterFolder, TensorsWithoutAPlaceAreNamed) {
  write(lora_ + "}", {{"layers.9.mlp.down_proj.lora_A.weight", at::ones({2, 6})}});
  expectError(ErrorCode::InvalidInput, {"layers.9.mlp.down_proj"}, [&] { load().checkAllUsed(); });
}

}  // namespace
}  // namespace orthoscribe::model
