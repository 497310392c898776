// SPDX-License-Identifier: GPL-2.0-or-later
// A folder with a small random Llama that speaks bytes and takes prompts as they are.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/learn/data/conversation.h"
#include "core/model/families/builders.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/random_weights.h"
#include "tests/unit/text/tokenizer_folder_builder.h"

namespace orthoscribe::learn {

constexpr std::int64_t kSpeakerHidden = 64;

inline std::filesystem::path writeTinySpeaker(const std::filesystem::path& folder, std::uint64_t seed = 3) {
  std::filesystem::create_directories(folder);
  const nlohmann::json config = {
      {"model_type", "llama"},  {"vocab_size", 260},        {"hidden_size", kSpeakerHidden}, {"intermediate_size", 96},
      {"num_hidden_layers", 2}, {"num_attention_heads", 4}, {"num_key_value_heads", 2},      {"max_position_embeddings", 1024},
      {"rms_norm_eps", 1e-6},   {"rope_theta", 10000.0},    {"hidden_act", "silu"},          {"tie_word_embeddings", false},
      {"eos_token_id", 259}};
  writeTextFile(folder / "config.json", config.dump());
  writeTextFile(folder / "generation_config.json", R"({"eos_token_id": 259})");
  writeTextFile(folder / "orthoscribe.json", R"({"template": "instructblip"})");
  nlohmann::json tokenizer = text::smallDefinition();
  tokenizer["added_tokens"].push_back(text::addedToken(259, "</s>"));
  writeTextFile(folder / "tokenizer.json", tokenizer.dump());
  model::RandomWeights weights(seed);
  model::buildLlama(model::ConfigFields::read(folder / "config.json"), model::Scope(weights, ""), {});
  std::map<std::string, torch::Tensor> values;
  // Milder than the random weights, so that differences of rounding stay what they are; but it must be able to be sure of a word.
  for (const auto& [name, value] : weights.values()) {
    const bool norm = name.find("norm") != std::string::npos;
    values[name] = norm ? at::ones_like(value) : value * (name.starts_with("lm_head") ? 1.0 : 0.4);
  }
  model::writeSafetensors(folder / "model.safetensors", values, {{"format", "pt"}});
  return folder;
}

inline Conversation lesson(const std::string& id, const std::string& type, const std::string& asked, const std::string& answer) {
  Conversation made;
  made.id = id;
  made.task = type.empty() ? "caption" : "aspect";
  made.type = type;
  made.turns = {{Role::User, asked}, {Role::Assistant, answer}};
  return made;
}

}  // namespace orthoscribe::learn
