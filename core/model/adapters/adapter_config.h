// SPDX-License-Identifier: GPL-2.0-or-later
// What adapter_config.json says: PEFT's LoRA (PEFT docs, LoraConfig), our MoLE (parity/README.md), MixLoRA (skynova.md section
// 3.3).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace orthoscribe::model {

enum class Mixing {
  PerLinear,   // every linear mixes its experts' updates (parity/README.md, mole_reference)
  WholeBlock,  // every expert runs its own feed-forward block, whose outputs are mixed (MixLoRA)
};

// Where routers are, "router_scope" of a MoLE. Their weights are named after the place: "layers.3.mlp.router.weight".
enum class RouterScope {
  Block,   // "block": one for each feed-forward or attention block, for all linears in it
  Linear,  // "linear": one for each linear (MoLA's form, skynova.md section 3.5)
  Model,   // "model": one for all layers, "router.weight"
};

// What a router sees, "router_input" of a MoLE.
enum class RouterInput {
  Layer,        // "ffn_input", "block_input" or "linear_input": what the block or the linear sees, token by token
  Tokens,       // "token_embedding": the row that the decoder begins with, so that a token has one choice in all layers
  Instruction,  // "instruction": the mean row of the instruction's tokens, so that a sequence has one choice
};

struct AdapterConfig {
  std::string type;          // "LORA", "MOLE", "MIXLORA"
  std::string base;          // base_model_name_or_path; may be empty
  std::int64_t rank = 0;     // of modules that no rankPattern names
  double scale = 1.0;        // alpha / rank, or alpha / sqrt(rank) with rslora
  double alpha = 0.0;        // needed with patterns only
  bool rslora = false;       // needed with patterns only
  std::int64_t experts = 0;  // 0: plain LoRA
  std::int64_t topK = 0;
  bool normaliseTopK = true;
  // Beside the experts of every linear one more that is always on, with weight 1 (skynova.md section 3.5).
  bool sharedExpert = false;
  std::int64_t sharedRank = 0;
  double sharedAlpha = 0.0;
  double dropout = 0.0;  // of what goes into A; in training alone, so it is never read from a folder
  Mixing mixing = Mixing::PerLinear;
  RouterScope routerScope = RouterScope::Block;
  RouterInput routerInput = RouterInput::Layer;
  std::vector<std::string> targets;  // last names of the linears: "gate_proj"; empty when a pattern chose them
  bool someLayersOnly = false;       // layers_to_transform, or a pattern: a linear need not be in every layer
  // Names as PEFT reads them, in the file's order: the first for which "^(.*\.)?(name)$" matches a module's path counts.
  std::vector<std::pair<std::string, std::int64_t>> rankPattern;
  std::vector<std::pair<std::string, double>> alphaPattern;

  // module: path inside the base, "model.layers.3.mlp.down_proj".
  std::int64_t rankOf(const std::string& module) const;
  double scaleOf(const std::string& module) const;
  double sharedScale() const;
};

// Reads adapter_config.json. Throws Error{InvalidInput or Unsupported} naming file and field; what would change the result and is
// not applied (DoRA, biases, starting values that change the base) is refused; saved modules are in saved_modules.h.
AdapterConfig readAdapterConfig(const std::filesystem::path& folder);

}  // namespace orthoscribe::model
