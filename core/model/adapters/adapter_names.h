// SPDX-License-Identifier: GPL-2.0-or-later
// One name for what adapters of different makers call differently.
#pragma once

#include <string>
#include <string_view>

namespace orthoscribe::model {

// The path of a layer without what wraps the model around it: "base_model.model.language_model.model.layers.3.mlp" and
// "model.layers.3.mlp" both give "layers.3.mlp", so that an adapter of a language model alone fits the same model inside a larger
// one and the other way round. Layers of vision towers keep the tower's name.
std::string canonicalModule(std::string_view module);

// The same for a tensor of an adapter file, with MixLoRA's names (skynova.md section 3.3, the older ones too) and adapter names
// inside ("lora_A.default.weight") brought to ours: "layers.3.mlp.router.weight", "layers.3.mlp.up_proj.experts.0.lora_A.weight",
// "layers.3.mlp.up_proj.shared.lora_A.weight", "layers.3.self_attn.q_proj.lora_B.weight".
std::string canonicalTensor(std::string_view name);

// What a tensor's canonical name says.
struct AdapterTensorName {
  enum class Kind { LowRank, Router, Other } kind = Kind::Other;
  std::string module;  // the linear of a low-rank tensor, the place of a router (empty: the whole model)
  bool ofExpert = false;
  bool shared = false;  // of the expert that is always on
};
AdapterTensorName parseTensorName(const std::string& canonical);

// "layers.#.mlp.down_proj": the same linear in all layers.
std::string kindOfModule(std::string_view canonicalModule);

}  // namespace orthoscribe::model
