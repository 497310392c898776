// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/families.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/model/families/builders.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

nlohmann::json qwen2Config() {
  return {{"model_type", "qwen2"},
          {"architectures", {"Qwen2ForCausalLM"}},
          {"vocab_size", 30},
          {"hidden_size", 16},
          {"intermediate_size", 24},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"max_position_embeddings", 128},
          {"rms_norm_eps", 1e-6},
          {"rope_theta", 10000.0},
          {"hidden_act", "silu"},
          {"tie_word_embeddings", true}};
}

nlohmann::json internVlConfig() {
  return {{"model_type", "internvl_chat"},
          {"ps_version", "v2"},
          {"downsample_ratio", 0.5},
          {"select_layer", -1},
          {"llm_config", qwen2Config()},
          {"vision_config",
           {{"model_type", "intern_vit_6b"},
            {"hidden_act", "gelu"},
            {"num_channels", 3},
            {"hidden_size", 8},
            {"num_hidden_layers", 2},
            {"num_attention_heads", 2},
            {"intermediate_size", 12},
            {"patch_size", 4},
            {"image_size", 16},
            {"layer_norm_eps", 1e-6},
            {"norm_type", "layer_norm"},
            {"qkv_bias", true},
            {"qk_normalization", false}}}};
}

class ModelFolder : public testing::Test {
 protected:
  using Build = std::unique_ptr<Network> (*)(const ConfigFields&, const Scope&, Adapters);

  void writeConfig(const nlohmann::json& config) const { writeTextFile(path() / "config.json", config.dump()); }
  // Weights that fit the configuration, and the network made of them without a file between.
  std::unique_ptr<Network> write(const nlohmann::json& config, Build build) {
    writeConfig(config);
    RandomWeights weights(11);
    auto network = build(ConfigFields::read(path() / "config.json"), Scope(weights, ""), {});
    tensors_ = weights.values();
    writeSafetensors(path() / "model.safetensors", tensors_);
    return network;
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::unique_ptr<Network> load() const { return loadNetwork(path()); }

  TemporaryDirectory folder_;
  std::map<std::string, torch::Tensor> tensors_;
};

at::Tensor answer(const Network& network) {
  KvCache cache = network.makeCache();
  return network.forward(network.embedTokens(at::arange(9)), cache, false);
}

TEST_F(ModelFolder, GivesTheNetworkThatWasWritten) {
  const auto made = write(qwen2Config(), buildQwen2);
  const auto loaded = load();
  EXPECT_EQ(loaded->traits().family, "qwen2");
  EXPECT_EQ(loaded->traits().vocabularySize, 30);
  EXPECT_EQ(loaded->traits().maxPositions, 128);
  EXPECT_FALSE(loaded->traits().seesImages);
  EXPECT_TRUE(at::equal(answer(*loaded), answer(*made)));
}

TEST_F(ModelFolder, ImagesComeTileByTile) {
  write(internVlConfig(), buildInternVlChat);
  const auto loaded = load();
  EXPECT_TRUE(loaded->traits().seesImages);
  const at::Tensor tiles = seededRandom({3, 3, 16, 16}, 5);
  const at::Tensor tokens = loaded->encodeImage(tiles);
  ASSERT_EQ(tokens.sizes(), at::IntArrayRef({12, 16}));
  EXPECT_TRUE(at::allclose(tokens.narrow(0, 8, 4), loaded->encodeImage(tiles.narrow(0, 2, 1)), 1e-4, 1e-5));
}

TEST_F(ModelFolder, BFloat16StaysClose) {
  const auto made = write(qwen2Config(), buildQwen2);
  const at::Tensor exact = answer(*made);
  const at::Tensor rounded = answer(*loadNetwork(path(), {}, at::kCPU, at::kBFloat16));
  EXPECT_EQ(rounded.scalar_type(), at::kFloat);
  const double scale = exact.abs().max().item<double>();
  EXPECT_LT((rounded - exact).abs().max().item<double>(), 0.05 * scale);
}

TEST_F(ModelFolder, TheAdapterInsideIsApplied) {
  const auto plain = write(qwen2Config(), buildQwen2);
  writeTextFile(path() / "adapter_config.json", R"({"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":["o_proj"]})");
  std::map<std::string, torch::Tensor> adapter;
  for (const char* layer : {"0", "1"}) {
    const std::string name = std::string("base_model.model.model.layers.") + layer + ".self_attn.o_proj.";
    adapter[name + "lora_A.weight"] = seededRandom({2, 16}, 1);
    adapter[name + "lora_B.weight"] = seededRandom({16, 2}, 2);
  }
  writeSafetensors(path() / "adapter_model.safetensors", adapter);
  const auto loaded = load();
  EXPECT_EQ(loaded->traits().adapters, std::vector<std::string>{path().filename().string()});
  EXPECT_FALSE(at::allclose(answer(*loaded), answer(*plain), 1e-2, 1e-2));
}

TEST_F(ModelFolder, UnknownFamiliesAreRefusedWithTheKnownOnes) {
  writeConfig({{"model_type", "gpt_neox"}});
  expectError(ErrorCode::Unsupported, {"gpt_neox", "internvl_chat", "phi3", "qwen2"}, [&] { load(); });
  writeConfig({{"vocab_size", 3}});
  expectError(ErrorCode::InvalidInput, {"config.json", "model_type"}, [&] { load(); });
  expectError(ErrorCode::NotFound, {"nowhere"}, [&] { loadNetwork(path() / "nowhere"); });
}

TEST_F(ModelFolder, WrongShapesAndMissingTensorsAreNamed) {
  write(qwen2Config(), buildQwen2);
  const std::string name = "model.layers.1.mlp.up_proj.weight";
  tensors_[name] = at::zeros({16, 24});
  writeSafetensors(path() / "model.safetensors", tensors_);
  expectError(ErrorCode::InvalidInput, {name, "[24, 16]", "[16, 24]"}, [&] { load(); });
  tensors_.erase(name);
  writeSafetensors(path() / "model.safetensors", tensors_);
  expectError(ErrorCode::NotFound, {name, "[24, 16]"}, [&] { load(); });
  std::filesystem::remove(path() / "model.safetensors");
  expectError(ErrorCode::NotFound, {"model.safetensors"}, [&] { load(); });
}

TEST_F(ModelFolder, TokensOutsideTheVocabularyAreRefused) {
  const auto network = write(qwen2Config(), buildQwen2);
  expectError(ErrorCode::InvalidInput, {"30"}, [&] { network->embedTokens(at::tensor({1, 30}, at::kLong)); });
  expectError(ErrorCode::Unsupported, {"qwen2"}, [&] { network->encodeImage(at::zeros({1, 3, 16, 16})); });
}

struct WrongField {
  std::string pointer;
  nlohmann::json value;  // null: taken away
  ErrorCode code;
  std::string named;
};

class ConfigOfInternVl : public ModelFolder, public testing::WithParamInterface<WrongField> {};

TEST_P(ConfigOfInternVl, IsReadStrictly) {
  nlohmann::json config = internVlConfig();
  config[nlohmann::json::json_pointer(GetParam().pointer)] = GetParam().value;
  writeConfig(config);
  RandomWeights weights(1);
  expectError(GetParam().code, {"config.json", GetParam().named},
              [&] { buildInternVlChat(ConfigFields::read(path() / "config.json"), Scope(weights, ""), {}); });
}

INSTANTIATE_TEST_SUITE_P(
    Fields, ConfigOfInternVl,
    testing::Values(WrongField{"/ps_version", "v1", ErrorCode::Unsupported, "ps_version"},
                    WrongField{"/ps_version", nullptr, ErrorCode::InvalidInput, "ps_version"},
                    WrongField{"/downsample_ratio", 0.3, ErrorCode::InvalidInput, "downsample_ratio"},
                    WrongField{"/select_layer", -4, ErrorCode::InvalidInput, "select_layer"},
                    WrongField{"/use_llm_lora", 16, ErrorCode::Unsupported, "use_llm_lora"},
                    WrongField{"/vision_config/qkv_bias", nullptr, ErrorCode::InvalidInput, "vision_config.qkv_bias"},
                    WrongField{"/vision_config/hidden_size", nullptr, ErrorCode::InvalidInput, "vision_config.hidden_size"},
                    WrongField{"/vision_config/norm_type", "batch", ErrorCode::Unsupported, "vision_config.norm_type"},
                    WrongField{"/vision_config/patch_size", 5, ErrorCode::InvalidInput, "vision_config.image_size"},
                    WrongField{"/llm_config/architectures", {"GemmaForCausalLM"}, ErrorCode::Unsupported, "GemmaForCausalLM"},
                    WrongField{"/llm_config/num_key_value_heads", 3, ErrorCode::InvalidInput, "num_key_value_heads"},
                    WrongField{"/llm_config/hidden_size", "16", ErrorCode::InvalidInput, "llm_config.hidden_size"},
                    WrongField{
                        "/llm_config/rope_scaling", {{"type", "spiral"}, {"factor", 2.0}}, ErrorCode::Unsupported, "linear"},
                    WrongField{"/llm_config/rope_scaling", {{"type", "yarn"}, {"factor", 2.0}}, ErrorCode::Unsupported, "yarn"}));

}  // namespace
}  // namespace orthoscribe::model
