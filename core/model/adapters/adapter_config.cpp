// SPDX-License-Identifier: GPL-2.0-or-later
// adapter_config.json of PEFT's LoRA, of our MoLE (parity/README.md) and of MixLoRA (skynova.md section 3.3).
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/model/adapters/adapter.h"
#include "core/model/config_fields.h"

namespace orthoscribe::model {
namespace {

// PEFT writes a list, MixLoRA also {name: true}.
std::vector<std::string> readTargets(const ConfigFields& fields) {
  std::vector<std::string> targets;
  if (fields.has("target_modules")) {
    const nlohmann::json& value = fields.raw("target_modules");
    if (value.is_string()) fields.unsupported("target_modules", "is a pattern; only a list of names is read");
    for (const auto& [key, item] : value.items()) {
      if (value.is_object() && item.is_boolean()) {
        if (item.get<bool>()) targets.push_back(key);
      } else if (item.is_string()) {
        targets.push_back(item.get<std::string>());
      } else {
        fields.wrong("target_modules", "is not a list of names");
      }
    }
  }
  if (targets.empty()) fields.wrong("target_modules", "names no linear");
  return targets;
}

void refuseWhatIsNotApplied(const ConfigFields& fields) {
  for (const char* field : {"use_dora", "fan_in_fan_out", "router_bias"}) {
    if (fields.flagOr(field, false)) fields.unsupported(field, "is set, which is not supported");
  }
  for (const char* field : {"rank_pattern", "alpha_pattern", "modules_to_save", "layers_to_transform"}) {
    if (fields.has(field) && !fields.raw(field).empty()) fields.unsupported(field, "is set, which is not supported");
  }
  if (fields.textOr("bias", "none") != "none") fields.unsupported("bias", "is not \"none\"");
  if (fields.textOr("router_input", "ffn_input") != "ffn_input") fields.unsupported("router_input", "is not \"ffn_input\"");
}

}  // namespace

AdapterConfig readAdapterConfig(const std::filesystem::path& folder) {
  const ConfigFields fields = ConfigFields::read(folder / "adapter_config.json");
  AdapterConfig config;
  config.type = fields.text("peft_type");
  if (config.type != "LORA" && config.type != "MOLE" && config.type != "MIXLORA") {
    fields.unsupported("peft_type", "is '" + config.type + "'; known are LORA, MOLE, MIXLORA");
  }
  refuseWhatIsNotApplied(fields);
  config.rank = fields.count("r");
  const double alpha = fields.positive("lora_alpha");
  const auto rank = static_cast<double>(config.rank);
  config.scale = fields.flagOr("use_rslora", false) ? alpha / std::sqrt(rank) : alpha / rank;
  config.targets = readTargets(fields);
  if (config.type == "LORA") return config;

  config.experts = fields.count("num_experts");
  config.topK = fields.count("top_k");
  if (config.topK > config.experts) fields.wrong("top_k", "is larger than num_experts");
  config.normaliseTopK = fields.flagOr("normalize_top_k", true);
  if (config.type == "MIXLORA") {
    if (fields.textOr("routing_strategy", "mixlora") != "mixlora") fields.unsupported("routing_strategy", "is not \"mixlora\"");
    if (fields.textOr("act_fn", "silu") != "silu") fields.unsupported("act_fn", "is not \"silu\"");
    config.mixing = Mixing::WholeBlock;
  } else if (const std::string mixing = fields.textOr("mixing", "per_linear"); mixing != "per_linear") {
    fields.unsupported("mixing", "is '" + mixing + "'; known is \"per_linear\"");
  }
  return config;
}

}  // namespace orthoscribe::model
