// SPDX-License-Identifier: GPL-2.0-or-later
// Model folders of very small random models that speak byte by byte, and conversations for them.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/learn/train/conversation_lessons.h"
#include "core/model/families/builders.h"
#include "core/model/families/families.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/random_weights.h"
#include "tests/unit/model/small_configs.h"
#include "tests/unit/text/tokenizer_folder_builder.h"

namespace orthoscribe::learn {

inline constexpr std::int64_t kTinyVocabulary = 280;

inline nlohmann::json tinyLlama() {
  return {{"model_type", "llama"},
          {"architectures", {"LlamaForCausalLM"}},
          {"vocab_size", kTinyVocabulary},
          {"hidden_size", 16},
          {"intermediate_size", 20},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"max_position_embeddings", 2048},
          {"rms_norm_eps", 1e-5},
          {"hidden_act", "silu"},
          {"eos_token_id", 262},
          {"tie_word_embeddings", false}};
}

inline nlohmann::json tinyQwenVl() {
  return {{"model_type", "qwen2_5_vl"},
          {"vocab_size", kTinyVocabulary},
          {"hidden_size", 16},
          {"intermediate_size", 24},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 2},
          {"num_key_value_heads", 1},
          {"max_position_embeddings", 2048},
          {"rms_norm_eps", 1e-6},
          {"rope_theta", 10000.0},
          {"hidden_act", "silu"},
          {"tie_word_embeddings", false},
          {"rope_scaling", {{"type", "mrope"}, {"mrope_section", {2, 1, 1}}}},
          {"vision_config",
           {{"depth", 2},
            {"hidden_size", 8},
            {"num_heads", 2},
            {"intermediate_size", 12},
            {"patch_size", 4},
            {"window_size", 16},
            {"fullatt_block_indexes", {1}}}}};
}

inline nlohmann::json tinyInstructBlip() {
  nlohmann::json config = model::smallInstructBlip();
  config["text_config"] = tinyLlama();
  config["image_token_index"] = 260;
  config["qformer_config"]["vocab_size"] = 260;
  config["qformer_config"]["max_position_embeddings"] = 512;
  return config;
}

// Writes a folder that AdaptedModel and ModelVoice load.
inline void writeTinyFamily(const std::filesystem::path& folder, const nlohmann::json& config,
                            const std::vector<std::string>& special) {
  std::filesystem::create_directories(folder);
  writeTextFile(folder / "config.json", config.dump());
  writeTextFile(folder / "preprocessor_config.json",
                R"({"patch_size": 4, "merge_size": 2, "temporal_patch_size": 2, "min_pixels": 64, "max_pixels": 1024,
                    "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]})");
  nlohmann::json definition = text::smallDefinition();
  nlohmann::json added;
  for (std::size_t index = 0; index < special.size(); ++index) {
    const std::int64_t id = 259 + static_cast<std::int64_t>(index);
    definition["added_tokens"].push_back(text::addedToken(id, special[index]));
    added[special[index]] = id;
  }
  writeTextFile(folder / "added_tokens.json", added.dump());
  writeTextFile(folder / "tokenizer.json", definition.dump());
  model::WeightsInLayout weights(5);
  model::buildNetwork(model::ConfigFields::read(folder / "config.json"), model::Scope(weights, ""), {});
  model::writeSafetensors(folder / "model.safetensors", weights.values());
}

inline void writeTinyLlama(const std::filesystem::path& folder) {
  writeTinyFamily(folder, tinyLlama(), {"<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"});
}

inline void writeTinyQwenVl(const std::filesystem::path& folder) {
  writeTinyFamily(folder, tinyQwenVl(),
                  {"<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|endoftext|>"});
}

inline void writeTinyInstructBlip(const std::filesystem::path& folder) {
  writeTinyFamily(folder, tinyInstructBlip(), {"</s>", "<image>"});
  writeTextFile(folder / "preprocessor_config.json",
                R"({"size": {"height": 16, "width": 16}, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]})");
  std::filesystem::create_directories(folder / "qformer_tokenizer");
  writeTextFile(folder / "qformer_tokenizer" / "tokenizer.json", text::smallDefinition().dump());
}

inline model::AdapterConfig tinyMole() {
  model::AdapterConfig config;
  config.type = "MOLE";
  config.base = "tiny";
  config.rank = 2;
  config.alpha = 4;
  config.scale = 2;
  config.experts = 3;
  config.topK = 2;
  config.routerScope = model::RouterScope::Linear;
  config.sharedExpert = true;
  config.sharedRank = 3;
  config.sharedAlpha = 6;
  config.targets = {"q_proj", "o_proj", "gate_proj", "down_proj"};
  return config;
}

// A fresh adapter changes nothing; this one does.
inline void moveAdapter(ParameterStore& store, std::uint64_t seed = 1) {
  const at::NoGradGuard noGradients;
  for (const Parameter& parameter : store.parameters()) {
    torch::Tensor value = parameter.value;
    value.copy_(model::seededRandom(value.sizes(), ++seed) * 0.3);
  }
}

inline Conversation talk(const std::vector<std::string>& turns, std::size_t images = 0) {
  Conversation conversation;
  for (std::size_t index = 0; index < turns.size(); ++index)
    conversation.turns.push_back({.role = index % 2 == 0 ? Role::User : Role::Assistant, .text = turns[index]});
  for (std::size_t index = 0; index < images; ++index) conversation.images.push_back(std::to_string(index) + ".png");
  return conversation;
}

inline RgbImage tinyPicture(int width, int height, int seed) {
  RgbImage image(width, height);
  for (std::size_t at = 0; at < image.pixels.size(); ++at)
    image.pixels[at] = static_cast<std::uint8_t>((static_cast<int>(at) * 37 + seed * 91) % 251);
  return image;
}

// The samples over and over, in order.
class GivenSamples : public SampleSource {
 public:
  explicit GivenSamples(std::vector<LoadedSample> samples) : samples_(std::move(samples)) {}
  std::int64_t epochSize() const override { return static_cast<std::int64_t>(samples_.size()); }
  std::optional<LoadedSample> load(std::int64_t number) override {
    const LoadedSample& sample = samples_[static_cast<std::size_t>(number % epochSize())];
    if (sample.where == "bad") return std::nullopt;
    return sample;
  }

 private:
  std::vector<LoadedSample> samples_;
};

}  // namespace orthoscribe::learn
