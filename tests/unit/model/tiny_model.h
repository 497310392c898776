// SPDX-License-Identifier: GPL-2.0-or-later
// A folder with a small random model, and adapters made for it.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/families/builders.h"
#include "core/model/families/families.h"
#include "core/model/weights/safetensors.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {

constexpr std::int64_t kTinyHidden = 16;
constexpr std::int64_t kTinyIntermediate = 24;
constexpr std::int64_t kTinyKeys = 8;  // width of keys and of values

inline nlohmann::json tinyConfig(bool fused) {
  return {{"model_type", fused ? "phi3" : "qwen2"},
          {"vocab_size", 30},
          {"hidden_size", kTinyHidden},
          {"intermediate_size", kTinyIntermediate},
          {"num_hidden_layers", 3},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"max_position_embeddings", 128},
          {"rms_norm_eps", 1e-6},
          {"rope_theta", 10000.0},
          {"hidden_act", "silu"},
          {"tie_word_embeddings", false}};
}

class TinyModel {
 public:
  // shards: one file, or several with an index.
  TinyModel(const std::filesystem::path& folder, bool fused, int shards, torch::ScalarType dtype = torch::kFloat32)
      : folder_(folder) {
    std::filesystem::create_directories(folder);
    writeTextFile(folder / "config.json", tinyConfig(fused).dump());
    RandomWeights weights(11);
    const ConfigFields config = ConfigFields::read(folder / "config.json");
    (fused ? buildPhi3 : buildQwen2)(config, Scope(weights, ""), {});
    std::vector<std::map<std::string, torch::Tensor>> parts(static_cast<std::size_t>(shards));
    nlohmann::json index;
    std::size_t next = 0;
    for (const auto& [name, tensor] : weights.values()) {
      const std::size_t part = next++ % parts.size();
      parts[part][name] = tensor.to(dtype);
      index["weight_map"][name] = fileName(part, parts.size());
    }
    for (std::size_t part = 0; part < parts.size(); ++part)
      writeSafetensors(folder / fileName(part, parts.size()), parts[part], {{"format", "pt"}});
    if (shards > 1) writeTextFile(folder / "model.safetensors.index.json", index.dump());
  }

  const std::filesystem::path& folder() const { return folder_; }

 private:
  static std::string fileName(std::size_t part, std::size_t parts) {
    if (parts == 1) return "model.safetensors";
    return "model-0000" + std::to_string(part + 1) + "-of-0000" + std::to_string(parts) + ".safetensors";
  }

  std::filesystem::path folder_;
};

// [9, 30]
inline at::Tensor logitsOf(const Network& network, const Observer* observer = nullptr) {
  KvCache cache = network.makeCache();
  return network.forward(network.embedTokens(at::arange(9)), cache, false, observer);
}

// Random A and B for a linear in all three layers, with experts or without.
class MadeAdapter {
 public:
  explicit MadeAdapter(std::uint64_t seed) : random_(seed) { config.type = "LORA"; }

  void put(const std::string& linear, std::int64_t inputs, std::int64_t outputs, std::int64_t rank, bool zeroB = false) {
    config.targets.push_back(linear.substr(linear.rfind('.') + 1));
    for (int layer = 0; layer < 3; ++layer) {
      const std::string name = "base_model.model.model.layers." + std::to_string(layer) + "." + linear + ".";
      for (std::int64_t expert = 0; expert < std::max<std::int64_t>(config.experts, 1); ++expert) {
        const std::string scope = config.experts > 0 ? name + "experts." + std::to_string(expert) + "." : name;
        tensors[scope + "lora_A.weight"] = random({rank, inputs});
        tensors[scope + "lora_B.weight"] = zeroB ? at::zeros({outputs, rank}) : random({outputs, rank});
      }
    }
  }
  // place: "mlp", "mlp.down_proj", or empty for the whole model.
  void putRouter(const std::string& place, std::int64_t inputs) {
    if (place.empty()) {
      tensors["base_model.model.model.router.weight"] = random({config.experts, inputs});
      return;
    }
    for (int layer = 0; layer < 3; ++layer)
      tensors["base_model.model.model.layers." + std::to_string(layer) + "." + place + ".router.weight"] =
          random({config.experts, inputs});
  }
  std::filesystem::path write(const std::filesystem::path& folder) const {
    writeAdapter(folder, config, tensors);
    return folder;
  }
  at::Tensor random(c10::IntArrayRef shape) { return at::randn(shape, at::detail::createCPUGenerator(random_++)); }

  AdapterConfig config;
  std::map<std::string, torch::Tensor> tensors;

 private:
  std::uint64_t random_;
};

inline MadeAdapter madeLora(std::uint64_t seed, bool zeroB = false) {
  MadeAdapter made(seed);
  made.config.rank = 2;
  made.config.alpha = 3;
  made.config.scale = 1.5;
  made.config.base = "tiny";
  made.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, 2, zeroB);
  made.put("self_attn.q_proj", kTinyHidden, kTinyHidden, 2, zeroB);
  return made;
}

}  // namespace orthoscribe::model
