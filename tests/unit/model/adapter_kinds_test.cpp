// SPDX-License-Identifier: GPL-2.0-or-later
// Adapters of every kind on a whole model: where they sit, what their routers go by, how they are named.
#include <set>

#include "core/model/adapters/adapter_names.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/tiny_model.h"

namespace orthoscribe::model {
namespace {

using Seen = std::map<std::string, at::Tensor>;

class AdapterKinds : public testing::Test {
 protected:
  std::unique_ptr<Network> with(const MadeAdapter& made, const std::string& name = "made") const {
    return base_.network({made.write(folder_.path() / name)});
  }
  static at::Tensor heard(const Network& network, Seen& seen) {
    const Observer observer = [&](std::string_view name, const at::Tensor& value) { seen[std::string(name)] = value; };
    return logitsOf(network, &observer);
  }
  static MadeAdapter mixture(RouterScope scope, RouterInput input = RouterInput::Layer) {
    MadeAdapter made(70);
    made.config.type = "MOLE";
    made.config.rank = 2;
    made.config.alpha = 3;
    made.config.scale = 1.5;
    made.config.experts = 4;
    made.config.topK = 2;
    made.config.routerScope = scope;
    made.config.routerInput = input;
    return made;
  }
  static void putEverywhere(MadeAdapter& made) {
    made.put("mlp.gate_proj", kTinyHidden, kTinyIntermediate, 2);
    made.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, 2);
    made.put("self_attn.q_proj", kTinyHidden, kTinyHidden, 2);
    made.put("self_attn.v_proj", kTinyHidden, kTinyKeys, 2);
    made.put("self_attn.o_proj", kTinyHidden, kTinyHidden, 2);
  }

  TemporaryDirectory folder_;
  TinyModel model_{folder_.path() / "tiny", false, 1};
  BaseModel base_{model_.folder(), torch::kCPU, torch::kFloat32};
};

TEST_F(AdapterKinds, WithoutAnAdapterTheModelIsTheDenseOneBitForBit) {
  const at::Tensor dense = logitsOf(*loadNetwork(model_.folder()));
  with(madeLora(1));
  EXPECT_TRUE(at::equal(logitsOf(*base_.network({})), dense));
}

TEST_F(AdapterKinds, ZeroUpdatesChangeNothing) {
  const at::Tensor dense = logitsOf(*base_.network({}));
  EXPECT_LE((logitsOf(*with(madeLora(1, true))) - dense).abs().max().item<double>(), 1e-6 * dense.abs().max().item<double>());
}

TEST_F(AdapterKinds, SwitchingIsAsGoodAsLoadingAfresh) {
  std::vector<std::filesystem::path> folders;
  std::vector<std::unique_ptr<Network>> networks;
  for (int i = 0; i < 3; ++i) {
    MadeAdapter made = i < 2 ? madeLora(static_cast<std::uint64_t>(10 + 20 * i)) : mixture(RouterScope::Block);
    if (i == 2) {
      made.put("mlp.up_proj", kTinyHidden, kTinyIntermediate, 2);
      made.putRouter("mlp", kTinyHidden);
    }
    folders.push_back(made.write(folder_.path() / ("adapter" + std::to_string(i))));
    networks.push_back(base_.network({folders.back()}));
  }
  std::vector<at::Tensor> fresh;
  for (const auto& folder : folders) fresh.push_back(logitsOf(*loadNetwork(model_.folder(), {folder})));
  for (const int i : {0, 1, 2, 1, 0, 2}) EXPECT_TRUE(at::equal(logitsOf(*networks[std::size_t(i)]), fresh[std::size_t(i)])) << i;
  EXPECT_GT((fresh[0] - fresh[1]).abs().max().item<double>(), 1e-2);
  EXPECT_GT((fresh[1] - fresh[2]).abs().max().item<double>(), 1e-2);
}

// The same update on a fused linear and on its parts.
TEST_F(AdapterKinds, PartsOfFusedLinearsAreReached) {
  const TinyModel fused(folder_.path() / "fused", true, 1);
  MadeAdapter parts(5);
  parts.config.rank = 2;
  parts.config.scale = 2.0;
  parts.put("self_attn.k_proj", kTinyHidden, kTinyKeys, 2);
  parts.put("mlp.up_proj", kTinyHidden, kTinyIntermediate, 2);
  MadeAdapter whole(5);
  whole.config.rank = 2;
  whole.config.scale = 2.0;
  whole.put("self_attn.qkv_proj", kTinyHidden, kTinyHidden + 2 * kTinyKeys, 2, true);
  whole.put("mlp.gate_up_proj", kTinyHidden, 2 * kTinyIntermediate, 2, true);
  for (int layer = 0; layer < 3; ++layer) {
    const std::string scope = "base_model.model.model.layers." + std::to_string(layer) + ".";
    const auto place = [&](const std::string& part, const std::string& of, std::int64_t begin) {
      const at::Tensor b = parts.tensors.at(scope + part + ".lora_B.weight");
      whole.tensors.at(scope + of + ".lora_B.weight").narrow(0, begin, b.size(0)).copy_(b);
      whole.tensors.at(scope + of + ".lora_A.weight").copy_(parts.tensors.at(scope + part + ".lora_A.weight"));
    };
    place("self_attn.k_proj", "self_attn.qkv_proj", kTinyHidden);
    place("mlp.up_proj", "mlp.gate_up_proj", kTinyIntermediate);
  }
  const at::Tensor expected = logitsOf(*loadNetwork(fused.folder(), {whole.write(folder_.path() / "whole")}));
  const at::Tensor got = logitsOf(*loadNetwork(fused.folder(), {parts.write(folder_.path() / "parts")}));
  EXPECT_TRUE(at::allclose(got, expected, 1e-4, 1e-5));
}

// Ranks and alphas by pattern must equal one adapter a linear, each with its own numbers.
TEST_F(AdapterKinds, PatternsGiveEachLinearItsRankAndScale) {
  MadeAdapter made(3);
  made.config.rank = 2;
  made.config.alpha = 4;
  made.config.rslora = true;
  made.config.rankPattern = {{"layers\\.1\\.mlp\\.down_proj", 3}, {"down_proj", 4}};
  made.config.alphaPattern = {{"q_proj", 1.0}};
  made.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, 4);
  made.put("self_attn.q_proj", kTinyHidden, kTinyHidden, 2);
  const std::string special = "base_model.model.model.layers.1.mlp.down_proj.";
  made.tensors[special + "lora_A.weight"] = made.random({3, kTinyIntermediate});
  made.tensors[special + "lora_B.weight"] = made.random({kTinyHidden, 3});
  const at::Tensor got = logitsOf(*with(made));

  RandomWeights weights(11);
  const ConfigFields config = ConfigFields::read(model_.folder() / "config.json");
  buildQwen2(config, Scope(weights, ""), {});
  for (const auto& [name, value] : weights.values()) {
    const std::string adapted = "base_model.model." + name.substr(0, name.rfind('.') + 1);
    if (!name.ends_with(".weight") || !made.tensors.contains(adapted + "lora_A.weight")) continue;
    const at::Tensor a = made.tensors.at(adapted + "lora_A.weight");
    const double alpha = name.find("q_proj") != std::string::npos ? 1.0 : 4.0;
    value.add_(at::matmul(made.tensors.at(adapted + "lora_B.weight"), a), alpha / std::sqrt(static_cast<double>(a.size(0))));
  }
  const at::Tensor expected = logitsOf(*buildQwen2(config, Scope(weights, ""), {}));
  EXPECT_TRUE(at::allclose(got, expected, 1e-3, 1e-4)) << (got - expected).abs().max().item<double>();
}

TEST_F(AdapterKinds, ExpertsSitOnAttentionWithARouterOfItsBlock) {
  MadeAdapter made = mixture(RouterScope::Block);
  putEverywhere(made);
  made.putRouter("mlp", kTinyHidden);
  made.putRouter("self_attn", kTinyHidden);
  Seen seen;
  heard(*with(made), seen);
  EXPECT_EQ(seen.at("mole_layer_2_self_attn_experts").sizes(), at::IntArrayRef({9, 2}));
  EXPECT_EQ(seen.at("mole_layer_2_experts").sizes(), at::IntArrayRef({9, 2}));
}

TEST_F(AdapterKinds, EveryLinearCanHaveItsOwnRouter) {
  MadeAdapter made = mixture(RouterScope::Linear);
  putEverywhere(made);
  made.putRouter("mlp.gate_proj", kTinyHidden);
  made.putRouter("mlp.down_proj", kTinyIntermediate);
  for (const char* linear : {"q_proj", "v_proj", "o_proj"}) made.putRouter(std::string("self_attn.") + linear, kTinyHidden);
  Seen seen;
  heard(*with(made), seen);
  EXPECT_EQ(seen.at("mole_layer_0_mlp.down_proj_router_probs").sizes(), at::IntArrayRef({9, 4}));
  EXPECT_FALSE(at::equal(seen.at("mole_layer_0_mlp.down_proj_router_probs"), seen.at("mole_layer_0_mlp.gate_proj_router_probs")));
}

TEST_F(AdapterKinds, OneRouterServesAllLayers) {
  MadeAdapter made = mixture(RouterScope::Model);
  putEverywhere(made);
  made.putRouter("", kTinyHidden);
  Seen seen;
  heard(*with(made), seen);
  EXPECT_FALSE(at::equal(seen.at("mole_layer_0_router_logits"), seen.at("mole_layer_1_router_logits")));

  MadeAdapter byToken = mixture(RouterScope::Model, RouterInput::Tokens);
  putEverywhere(byToken);
  byToken.putRouter("", kTinyHidden);
  heard(*with(byToken, "token"), seen);
  EXPECT_TRUE(at::equal(seen.at("mole_layer_0_experts"), seen.at("mole_layer_2_self_attn_experts")));
}

TEST_F(AdapterKinds, ASequenceHasOneChoiceByItsInstruction) {
  MadeAdapter made = mixture(RouterScope::Model, RouterInput::Instruction);
  putEverywhere(made);
  made.putRouter("", kTinyHidden);
  const auto network = with(made);
  EXPECT_TRUE(network->traits().routesBySequence);
  Seen seen;
  const at::Tensor whole = heard(*network, seen);
  EXPECT_EQ(seen.at("mole_layer_1_experts").sizes(), at::IntArrayRef({1, 2}));
  const at::Tensor rows = network->embedTokens(at::arange(9));
  EXPECT_TRUE(at::allclose(seen.at("mole_layer_1_router_logits"),
                           at::linear(rows.mean(0, true), made.tensors.at("base_model.model.model.router.weight")), 1e-4, 1e-5));

  // The choice stands while the sequence grows.
  KvCache cache = network->makeCache();
  cache.setInstruction(rows.mean(0, true));
  network->forward(rows.narrow(0, 0, 4), cache, false);
  const at::Tensor rest = network->forward(rows.narrow(0, 4, 5), cache, false);
  EXPECT_TRUE(at::allclose(rest, whole.narrow(0, 4, 5), 1e-4, 1e-4));
}

// A mixture of which every expert is the same is one LoRA, whoever chooses.
TEST_F(AdapterKinds, EqualExpertsAreOneLora) {
  const MadeAdapter lora = madeLora(9);
  const at::Tensor expected = logitsOf(*with(lora));
  for (const RouterScope scope : {RouterScope::Block, RouterScope::Linear, RouterScope::Model}) {
    MadeAdapter made = mixture(scope);
    made.config.targets = lora.config.targets;
    for (const auto& [name, tensor] : lora.tensors) {
      for (int expert = 0; expert < 4; ++expert) {
        std::string own = name;
        own.insert(own.find("lora_"), "experts." + std::to_string(expert) + ".");
        made.tensors[own] = tensor;
      }
    }
    if (scope == RouterScope::Model) made.putRouter("", kTinyHidden);
    for (const char* block : {"mlp", "self_attn"})
      if (scope == RouterScope::Block) made.putRouter(block, kTinyHidden);
    if (scope == RouterScope::Linear) made.putRouter("mlp.down_proj", kTinyIntermediate);
    if (scope == RouterScope::Linear) made.putRouter("self_attn.q_proj", kTinyHidden);
    const at::Tensor got = logitsOf(*with(made, "equal"));
    EXPECT_TRUE(at::allclose(got, expected, 1e-3, 1e-4)) << (got - expected).abs().max().item<double>();
  }
}

TEST_F(AdapterKinds, AnAdapterForAnotherBaseIsRefusedWithBothShapes) {
  MadeAdapter made = madeLora(1);
  made.config.targets = {"q_proj", "down_proj"};
  made.tensors["base_model.model.model.layers.2.mlp.down_proj.lora_A.weight"] = at::ones({2, 99});
  expectError(ErrorCode::InvalidInput,
              {"adapter_model.safetensors", "layers.2.mlp.down_proj.lora_A.weight", "[2, 99]", "[2, 24]"}, [&] { with(made); });
  made.tensors.erase("base_model.model.model.layers.2.mlp.down_proj.lora_A.weight");
  made.tensors.erase("base_model.model.model.layers.2.mlp.down_proj.lora_B.weight");
  expectError(ErrorCode::NotFound, {"adapter_model.safetensors", "layers.2.mlp.down_proj.lora_A.weight"}, [&] { with(made); });
  MadeAdapter deeper = madeLora(1);
  deeper.tensors["base_model.model.model.layers.7.mlp.down_proj.lora_A.weight"] = at::ones({2, 24});
  expectError(ErrorCode::InvalidInput, {"layers.7.mlp.down_proj", "belongs to nothing", "[2, 24]"},
              [&] { with(deeper, "deeper"); });
}

TEST_F(AdapterKinds, DamagedTensorsAreNamed) {
  MadeAdapter made = madeLora(1);
  const std::string name = "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight";
  made.tensors[name] = at::full({kTinyHidden, 2}, std::numeric_limits<float>::quiet_NaN());
  expectError(ErrorCode::InvalidInput, {"adapter_model.safetensors", name, "not finite"}, [&] { with(made); });
  made.tensors[name] = at::ones({kTinyHidden, 2}, at::kLong);
  expectError(ErrorCode::InvalidInput, {"adapter_model.safetensors", name, "whole numbers"}, [&] { with(made); });
  MadeAdapter dora = madeLora(1);
  dora.tensors["base_model.model.model.layers.1.self_attn.q_proj.lora_magnitude_vector"] = at::ones({kTinyHidden});
  expectError(ErrorCode::Unsupported, {"lora_magnitude_vector"}, [&] { with(dora, "dora"); });
  MadeAdapter absent = mixture(RouterScope::Block);
  absent.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, 2);
  absent.putRouter("mlp", kTinyHidden);
  absent.config.targets.emplace_back("up_proj");
  expectError(ErrorCode::InvalidInput, {"adapter_config.json", "up_proj"}, [&] { with(absent, "absent"); });
}

TEST_F(AdapterKinds, WrittenFoldersReadBackTheSame) {
  MadeAdapter made = mixture(RouterScope::Model, RouterInput::Instruction);
  putEverywhere(made);
  made.putRouter("", kTinyHidden);
  made.config.rankPattern = {{"nothing", 5}};
  const auto folder = made.write(folder_.path() / "written");
  const AdapterConfig read = readAdapterConfig(folder);
  EXPECT_EQ(read.type, "MOLE");
  EXPECT_EQ(read.rank, 2);
  EXPECT_DOUBLE_EQ(read.scale, 1.5);
  EXPECT_EQ(read.experts, 4);
  EXPECT_EQ(read.topK, 2);
  EXPECT_EQ(read.routerScope, RouterScope::Model);
  EXPECT_EQ(read.routerInput, RouterInput::Instruction);
  EXPECT_EQ(read.targets, made.config.targets);
  EXPECT_EQ(read.rankPattern, made.config.rankPattern);
  const SafetensorsFile file(folder / "adapter_model.safetensors");
  ASSERT_EQ(file.entries().size(), made.tensors.size());
  for (const auto& [name, tensor] : made.tensors) EXPECT_TRUE(at::equal(file.tensor(name), tensor)) << name;
  const AdapterSummary summary = summariseAdapter(folder);
  EXPECT_EQ(summary.layers, 3);
  EXPECT_EQ(summary.routers, 1);
  EXPECT_EQ(summary.ranks, std::vector<std::int64_t>{2});
  EXPECT_EQ(summary.linears.front(), "layers.#.mlp.down_proj");
  std::int64_t parameters = 0;
  for (const auto& [name, tensor] : made.tensors) parameters += tensor.numel();
  EXPECT_EQ(summary.parameters, parameters);
}

TEST(AdapterNames, AreBroughtToOne) {
  EXPECT_EQ(canonicalTensor("base_model.model.model.layers.3.mlp.down_proj.lora_A.default.weight"),
            "layers.3.mlp.down_proj.lora_A.weight");
  EXPECT_EQ(canonicalTensor("base_model.model.language_model.model.layers.3.mlp.router.weight"), "layers.3.mlp.router.weight");
  EXPECT_EQ(canonicalTensor("model.language_model.layers.3.self_attn.q_proj.lora_B.weight"),
            "layers.3.self_attn.q_proj.lora_B.weight");
  EXPECT_EQ(canonicalTensor("mixlora.layers.0.mlp.moe_gate.weight"), "layers.0.mlp.router.weight");
  EXPECT_EQ(canonicalTensor("mixlora.layers.0.gate.weight"), "layers.0.mlp.router.weight");
  EXPECT_EQ(canonicalTensor("mixlora.layers.0.experts.5.w2_proj.lora_B.weight"),
            "layers.0.mlp.down_proj.experts.5.lora_B.weight");
  EXPECT_EQ(canonicalTensor("base_model.model.vision_model.encoder.layers.1.attn.qkv.lora_A.weight"),
            "vision_model.encoder.layers.1.attn.qkv.lora_A.weight");
  EXPECT_EQ(kindOfModule("layers.12.mlp.down_proj"), "layers.#.mlp.down_proj");
  const AdapterTensorName name = parseTensorName("layers.0.mlp.down_proj.experts.5.lora_B.weight");
  EXPECT_EQ(name.module, "layers.0.mlp.down_proj");
  EXPECT_TRUE(name.ofExpert);
  EXPECT_EQ(parseTensorName("router.weight").kind, AdapterTensorName::Kind::Router);
  EXPECT_EQ(parseTensorName("lm_head.weight").kind, AdapterTensorName::Kind::Other);
}

}  // namespace
}  // namespace orthoscribe::model
