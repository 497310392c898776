// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter_config.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/model/config_fields.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

template <typename Value>
std::optional<Value> firstMatch(const std::vector<std::pair<std::string, Value>>& pattern, const std::string& module) {
  for (const auto& [name, value] : pattern) {
    if (std::regex_match(module, std::regex("(?:.*\\.)?(?:" + name + ")"))) return value;
  }
  return std::nullopt;
}

// PEFT writes a list, a pattern or "all-linear", MixLoRA also {name: true}.
void readTargets(const ConfigFields& fields, AdapterConfig& config) {
  if (!fields.has("target_modules")) fields.wrong("target_modules", "names no linear");
  const nlohmann::json& value = fields.raw("target_modules");
  if (value.is_string()) {
    // The tensors themselves say which linears it chose.
    config.someLayersOnly = true;
    return;
  }
  for (const auto& [key, item] : value.items()) {
    if (value.is_object() && item.is_boolean()) {
      if (item.get<bool>()) config.targets.push_back(key);
    } else if (item.is_string()) {
      config.targets.push_back(item.get<std::string>());
    } else {
      fields.wrong("target_modules", "is not a list of names");
    }
  }
  if (config.targets.empty()) fields.wrong("target_modules", "names no linear");
  for (const std::string& target : config.targets) {
    // A whole path names one layer's linear.
    if (target.find('.') != std::string::npos) config.someLayersOnly = true;
  }
}

// In the file's order, which the usual reader does not keep.
template <typename Value>
std::vector<std::pair<std::string, Value>> readPattern(const ConfigFields& fields, const fs::path& file, const char* field) {
  std::vector<std::pair<std::string, Value>> pattern;
  if (!fields.has(field)) return pattern;
  const auto ordered = nlohmann::ordered_json::parse(readTextFile(file)).at(field);
  if (!ordered.is_object()) fields.wrong(field, "is not an object of names and numbers");
  for (const auto& [name, value] : ordered.items()) {
    constexpr std::size_t kLongestName = 1000;
    if (!value.is_number() || !(value.template get<double>() > 0.0) || name.size() > kLongestName)
      fields.wrong(field, "is not an object of names and numbers above 0");
    try {
      static_cast<void>(std::regex(name));
    } catch (const std::regex_error&) {
      fields.wrong(field, "holds '" + name + "', which is no regular expression");
    }
    pattern.emplace_back(name, value.template get<Value>());
  }
  return pattern;
}

void refuseWhatIsNotApplied(const ConfigFields& fields) {
  for (const char* field : {"use_dora", "fan_in_fan_out", "router_bias", "lora_bias", "use_qalora"}) {
    if (fields.flagOr(field, false)) fields.unsupported(field, "is set, which is not supported");
  }
  for (const char* field : {"layer_replication", "target_parameters", "trainable_token_indices", "alora_invocation_tokens",
                            "arrow_config", "corda_config", "loftq_config"}) {
    if (fields.has(field) && !fields.raw(field).empty()) fields.unsupported(field, "is set, which is not supported");
  }
  if (fields.textOr("bias", "none") != "none") fields.unsupported("bias", "is not \"none\"");
  if (!fields.has("init_lora_weights") || !fields.raw("init_lora_weights").is_string()) return;
  const std::string start = fields.text("init_lora_weights");
  for (const char* changing : {"pissa", "olora", "corda", "loftq", "lora_ga"}) {
    if (start.starts_with(changing))
      fields.unsupported("init_lora_weights", "is '" + start + "', which changes the base model; convert the adapter first");
  }
}

void readRouting(const ConfigFields& fields, AdapterConfig& config) {
  const std::string scope = fields.textOr("router_scope", "block");
  if (scope == "linear" || scope == "module") {
    config.routerScope = RouterScope::Linear;
  } else if (scope == "model") {
    config.routerScope = RouterScope::Model;
  } else if (scope != "block" && scope != "mlp") {
    fields.unsupported("router_scope", "is '" + scope + "'; known are block, linear, model");
  }
  const bool own = config.routerScope == RouterScope::Linear;
  const std::string input = fields.textOr("router_input", own ? "linear_input" : "ffn_input");
  if (input == "token_embedding" && !own) {
    config.routerInput = RouterInput::Tokens;
  } else if (input == "instruction" && !own) {
    config.routerInput = RouterInput::Instruction;
  } else if (own ? input != "linear_input" : input != "ffn_input" && input != "block_input") {
    fields.unsupported("router_input", "is '" + input + "'; known are " +
                                           (own ? "linear_input" : "ffn_input, block_input, token_embedding, instruction"));
  }
}

void readExperts(const ConfigFields& fields, AdapterConfig& config) {
  config.experts = fields.count("num_experts");
  config.topK = fields.count("top_k");
  if (config.topK > config.experts) fields.wrong("top_k", "is larger than num_experts");
  config.normaliseTopK = fields.flagOr("normalize_top_k", true);
  config.sharedExpert = fields.flagOr("shared_expert", false);
  config.sharedRank = fields.has("shared_r") ? fields.count("shared_r") : config.rank;
  config.sharedAlpha = fields.has("shared_lora_alpha") ? fields.positive("shared_lora_alpha") : config.alpha;
  if (config.type == "MIXLORA") {
    if (fields.textOr("routing_strategy", "mixlora") != "mixlora") fields.unsupported("routing_strategy", "is not \"mixlora\"");
    if (fields.textOr("act_fn", "silu") != "silu") fields.unsupported("act_fn", "is not \"silu\"");
    config.mixing = Mixing::WholeBlock;
    return;
  }
  if (const std::string mixing = fields.textOr("mixing", "per_linear"); mixing != "per_linear")
    fields.unsupported("mixing", "is '" + mixing + "'; known is \"per_linear\"");
  readRouting(fields, config);
}

}  // namespace

std::int64_t AdapterConfig::rankOf(const std::string& module) const {
  return firstMatch(rankPattern, module).value_or(rank);
}

double AdapterConfig::scaleOf(const std::string& module) const {
  if (rankPattern.empty() && alphaPattern.empty()) return scale;
  const double own = firstMatch(alphaPattern, module).value_or(alpha);
  const auto ranks = static_cast<double>(rankOf(module));
  return rslora ? own / std::sqrt(ranks) : own / ranks;
}

double AdapterConfig::sharedScale() const {
  const auto ranks = static_cast<double>(sharedRank);
  return rslora ? sharedAlpha / std::sqrt(ranks) : sharedAlpha / ranks;
}

AdapterConfig readAdapterConfig(const fs::path& folder) {
  const fs::path file = folder / "adapter_config.json";
  const ConfigFields fields = ConfigFields::read(file);
  AdapterConfig config;
  config.type = fields.text("peft_type");
  if (config.type != "LORA" && config.type != "MOLE" && config.type != "MIXLORA") {
    fields.unsupported("peft_type", "is '" + config.type + "'; known are LORA, MOLE, MIXLORA");
  }
  refuseWhatIsNotApplied(fields);
  config.base = fields.textOr("base_model_name_or_path", "");
  config.rank = fields.count("r");
  config.alpha = fields.positive("lora_alpha");
  config.rslora = fields.flagOr("use_rslora", false);
  const auto rank = static_cast<double>(config.rank);
  config.scale = config.rslora ? config.alpha / std::sqrt(rank) : config.alpha / rank;
  readTargets(fields, config);
  if (fields.has("layers_to_transform") || fields.has("exclude_modules")) config.someLayersOnly = true;
  config.rankPattern = readPattern<std::int64_t>(fields, file, "rank_pattern");
  config.alphaPattern = readPattern<double>(fields, file, "alpha_pattern");
  if (config.type != "LORA") readExperts(fields, config);
  return config;
}

}  // namespace orthoscribe::model
