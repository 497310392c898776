// SPDX-License-Identifier: GPL-2.0-or-later
// Adapter folders as files: writing one that PEFT reads, and telling what one holds.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/model/adapters/adapter_config.h"

namespace orthoscribe::model {

// Writes adapter_config.json and adapter_model.safetensors: PEFT's LoRA as its own library writes it, or a MoLE
// (parity/README.md). tensors by the names of PEFT, "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"; their
// precision is kept. Weights of the base among them stand in for the base's (saved_modules.h). Throws Error{Io};
// Error{Unsupported} for MixLoRA, which has a format of its own.
void writeAdapter(const std::filesystem::path& folder, const AdapterConfig& config,
                  const std::map<std::string, torch::Tensor>& tensors);

struct AdapterSummary {
  AdapterConfig config;
  std::string name;
  std::vector<std::string> linears;  // "layers.#.mlp.down_proj", sorted
  std::int64_t layers = 0;           // how many it touches
  std::int64_t routers = 0;
  std::int64_t parameters = 0;
  std::vector<std::int64_t> ranks;  // sorted
};

// Throws as Adapter::load.
AdapterSummary summariseAdapter(const std::filesystem::path& folder);

// "mixture of LoRA experts, one router for each block", for people.
std::string kindOfAdapter(const AdapterConfig& config);

}  // namespace orthoscribe::model
