// SPDX-License-Identifier: GPL-2.0-or-later
// Qwen-VL from their configurations: both layouts of names, and what is refused.
#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/model/families/builders.h"
#include "core/model/families/families.h"
#include "core/model/weights/renamed_weights.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

nlohmann::json textConfig() {
  return {{"vocab_size", 30},
          {"hidden_size", 16},
          {"intermediate_size", 24},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 2},
          {"num_key_value_heads", 1},
          {"max_position_embeddings", 128},
          {"rms_norm_eps", 1e-6},
          {"rope_theta", 10000.0},
          {"hidden_act", "silu"},
          {"rope_scaling", {{"type", "mrope"}, {"mrope_section", {2, 1, 1}}}}};
}

nlohmann::json qwen25Config() {
  nlohmann::json config = textConfig();
  config["model_type"] = "qwen2_5_vl";
  config["tie_word_embeddings"] = false;
  config["vision_config"] = {{"depth", 2},
                             {"hidden_size", 8},
                             {"num_heads", 2},
                             {"intermediate_size", 12},
                             {"patch_size", 4},
                             {"window_size", 16},
                             {"fullatt_block_indexes", {1}}};
  return config;
}

nlohmann::json qwen3Config() {
  return {{"model_type", "qwen3_vl"},
          {"tie_word_embeddings", true},
          {"text_config", textConfig()},
          {"vision_config",
           {{"depth", 2},
            {"hidden_size", 8},
            {"num_heads", 2},
            {"intermediate_size", 12},
            {"patch_size", 4},
            {"hidden_act", "gelu_pytorch_tanh"},
            {"num_position_embeddings", 9},
            {"deepstack_visual_indexes", {0}}}}};
}

// Remembers names as they are asked for, and says which layout it has.
class LaidOut : public RandomWeights {
 public:
  explicit LaidOut(bool newer) : RandomWeights(9), newer_(newer) {}
  bool has(const std::string& name) const override { return newer_ || !name.starts_with("model.language_model."); }

 private:
  bool newer_;
};

class QwenVlFolder : public testing::Test {
 protected:
  ConfigFields config(const nlohmann::json& json) const {
    writeTextFile(folder_.path() / "config.json", json.dump());
    return ConfigFields::read(folder_.path() / "config.json");
  }
  void save(LaidOut& weights) const { writeSafetensors(folder_.path() / "model.safetensors", weights.values()); }

  static at::Tensor logits(const Network& network) {
    const at::Tensor pixels = seededRandom({1, 2, 3, 4, 96}, 3);
    const at::Tensor text = network.embedTokens(at::arange(5));
    const at::Tensor rows = at::cat({text, network.encodeImage(pixels, nullptr), text});
    KvCache cache = network.makeCache();
    cache.setPositions(network.positionsOf(16, std::vector<ImagePlace>{{.begin = 5, .rows = 2, .columns = 3}}));
    return network.forward(rows, cache, false, nullptr);
  }

  TemporaryDirectory folder_;
};

TEST_F(QwenVlFolder, BothLayoutsOfNamesGiveTheSameModel) {
  for (const auto& [json, build] : {std::pair{qwen25Config(), &buildQwen25Vl}, {qwen3Config(), &buildQwen3Vl}}) {
    LaidOut newer(true);
    const at::Tensor expected = logits(*build(config(json), Scope(newer, ""), {}));
    for (const auto& [name, value] : newer.values())
      EXPECT_TRUE(name.starts_with("model.visual.") || name.starts_with("model.language_model.") || name == "lm_head.weight")
          << name;
    save(newer);
    EXPECT_TRUE(at::equal(logits(*loadNetwork(folder_.path())), expected));

    LaidOut older(false);
    for (const auto& [name, value] : newer.values()) {
      std::string old = name;
      for (const auto& [from, to] : {std::pair{"model.visual.", "visual."}, {"model.language_model.", "model."}})
        if (old.starts_with(from)) old = to + old.substr(std::string(from).size());
      older.values()[old] = value;
    }
    save(older);
    EXPECT_TRUE(at::equal(logits(*loadNetwork(folder_.path())), expected));
  }
}

TEST_F(QwenVlFolder, ABadTensorIsNamedAsItIsStored) {
  LaidOut weights(true);
  buildQwen3Vl(config(qwen3Config()), Scope(weights, ""), {});
  const at::Tensor kept = weights.values().at("model.visual.blocks.1.attn.qkv.weight");
  weights.values()["model.visual.blocks.1.attn.qkv.weight"] = at::zeros({24, 9});
  save(weights);
  expectError(ErrorCode::InvalidInput, {"'model.visual.blocks.1.attn.qkv.weight'", "[24, 9]", "[24, 8]"},
              [&] { loadNetwork(folder_.path()); });
  weights.values()["model.visual.blocks.1.attn.qkv.weight"] = kept;
  weights.values().erase("model.language_model.layers.1.self_attn.k_norm.weight");
  save(weights);
  expectError(ErrorCode::NotFound, {"'model.language_model.layers.1.self_attn.k_norm.weight'", "[8]"},
              [&] { loadNetwork(folder_.path()); });
}

TEST_F(QwenVlFolder, AnOutputMatrixThatIsNotTiedMustBeThere) {
  LaidOut weights(false);
  buildQwen25Vl(config(qwen25Config()), Scope(weights, ""), {});
  weights.values().erase("lm_head.weight");
  save(weights);
  expectError(ErrorCode::NotFound, {"'lm_head.weight'", "[30, 16]"}, [&] { loadNetwork(folder_.path()); });
  nlohmann::json tied = qwen25Config();
  tied["tie_word_embeddings"] = true;
  config(tied);
  EXPECT_NO_THROW(loadNetwork(folder_.path()));
}

TEST_F(QwenVlFolder, FieldsThatDoNotFitAreNamed) {
  const auto refused = [&](const nlohmann::json& json, const std::string& field) {
    LaidOut weights(true);
    const ConfigFields fields = config(json);
    const bool isQwen3 = json.at("model_type") == "qwen3_vl";
    try {
      (isQwen3 ? buildQwen3Vl : buildQwen25Vl)(fields, Scope(weights, ""), {});
      ADD_FAILURE() << field << " was taken";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(field));
    }
  };
  nlohmann::json json = qwen25Config();
  json["rope_scaling"]["mrope_section"] = {2, 1, 2};
  refused(json, "rope_scaling.mrope_section");
  json["rope_scaling"]["mrope_section"] = {2, 2};
  refused(json, "rope_scaling.mrope_section");
  json = qwen25Config();
  json["vision_config"]["out_hidden_size"] = 20;
  refused(json, "vision_config.out_hidden_size");
  json = qwen25Config();
  json["vision_config"]["window_size"] = 7;
  refused(json, "vision_config.window_size");
  json = qwen3Config();
  json["vision_config"]["deepstack_visual_indexes"] = {2};
  refused(json, "vision_config.deepstack_visual_indexes");
  json = qwen3Config();
  json["vision_config"]["num_position_embeddings"] = 10;
  refused(json, "vision_config.num_position_embeddings");
  json = qwen3Config();
  json["vision_config"]["hidden_act"] = "silu";
  refused(json, "vision_config.hidden_act");
}

}  // namespace
}  // namespace orthoscribe::model
