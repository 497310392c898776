// SPDX-License-Identifier: GPL-2.0-or-later
// Configurations of very small models, one a family, and weights that lie in the layout asked for.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {

inline nlohmann::json smallLlama() {
  return {{"model_type", "llama"},
          {"architectures", {"LlamaForCausalLM"}},
          {"vocab_size", 30},
          {"hidden_size", 16},
          {"intermediate_size", 20},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"max_position_embeddings", 128},
          {"rms_norm_eps", 1e-5},
          {"hidden_act", "silu"},
          {"tie_word_embeddings", false}};
}

inline nlohmann::json smallQwen2() {
  nlohmann::json config = smallLlama();
  config["model_type"] = "qwen2";
  config["architectures"] = {"Qwen2ForCausalLM"};
  config["rope_theta"] = 10000.0;
  return config;
}

inline nlohmann::json smallPhi3() {
  nlohmann::json config = smallQwen2();
  config["model_type"] = "phi3";
  config["architectures"] = {"Phi3ForCausalLM"};
  return config;
}

inline nlohmann::json smallInternLm2() {
  nlohmann::json config = smallQwen2();
  config["model_type"] = "internlm2";
  config["architectures"] = {"InternLM2ForCausalLM"};
  config["bias"] = false;
  config["rope_scaling"] = {{"type", "dynamic"}, {"factor", 2.0}};
  return config;
}

inline nlohmann::json smallInternVlChat(const nlohmann::json& language) {
  return {{"model_type", "internvl_chat"},
          {"ps_version", "v2"},
          {"downsample_ratio", 0.5},
          {"select_layer", -1},
          {"llm_config", language},
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
            {"norm_type", "rms_norm"},
            {"qkv_bias", true},
            {"qk_normalization", true}}}};
}

// The same model in Hugging Face's layout; what equals the classes' own values is left out.
inline nlohmann::json smallInternVl(const nlohmann::json& language) {
  return {{"model_type", "internvl"},
          {"image_token_id", 29},
          {"image_seq_length", 4},
          {"text_config", language},
          {"vision_config",
           {{"model_type", "internvl_vision"},
            {"hidden_size", 8},
            {"num_hidden_layers", 2},
            {"num_attention_heads", 2},
            {"intermediate_size", 12},
            {"patch_size", {4, 4}},
            {"image_size", {16, 16}},
            {"norm_type", "rms_norm"},
            {"attention_bias", true},
            {"use_qk_norm", true}}}};
}

inline nlohmann::json smallInstructBlip() {
  return {{"model_type", "instructblip"},
          {"num_query_tokens", 3},
          {"image_token_index", 29},
          {"text_config", smallLlama()},
          {"qformer_config",
           {{"hidden_size", 12},
            {"num_hidden_layers", 3},
            {"num_attention_heads", 3},
            {"intermediate_size", 20},
            {"vocab_size", 17},
            {"max_position_embeddings", 9}}},
          {"vision_config",
           {{"hidden_size", 8},
            {"num_hidden_layers", 2},
            {"num_attention_heads", 2},
            {"intermediate_size", 12},
            {"patch_size", 4},
            {"image_size", 16}}}};
}

// Says no to the names by which other layouts of the same model are told apart.
class WeightsInLayout : public RandomWeights {
 public:
  explicit WeightsInLayout(std::uint64_t seed) : RandomWeights(seed) {}
  bool has(const std::string& name) const override {
    static const std::set<std::string> kOthers = {"visual_encoder.cls_token", "model.language_model.embed_tokens.weight"};
    return !kOthers.contains(name);
  }
};

}  // namespace orthoscribe::model
