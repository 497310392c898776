// SPDX-License-Identifier: GPL-2.0-or-later
// adapter_config.json of PEFT's LoRA, of our MoLE (parity/README.md) and of MixLoRA (skynova.md section 3.3).
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/model/adapters/adapter.h"

namespace orthoscribe::model {
namespace {

class Fields {
 public:
  Fields(nlohmann::json json, std::string file) : json_(std::move(json)), file_(std::move(file)) {}

  [[noreturn]] void wrong(const std::string& field, const std::string& what) const {
    throw Error(ErrorCode::InvalidInput, file_ + ": field '" + field + "' " + what);
  }
  [[noreturn]] void unsupported(const std::string& field, const std::string& what) const {
    throw Error(ErrorCode::Unsupported, file_ + ": field '" + field + "' " + what);
  }
  bool has(const std::string& field) const { return json_.contains(field) && !json_[field].is_null(); }
  std::string text(const std::string& field, const std::string& fallback) const {
    if (!has(field)) return fallback;
    if (!json_[field].is_string()) wrong(field, "is not a text");
    return json_[field].get<std::string>();
  }
  bool flag(const std::string& field, bool fallback) const {
    if (!has(field)) return fallback;
    if (!json_[field].is_boolean()) wrong(field, "is neither true nor false");
    return json_[field].get<bool>();
  }
  double number(const std::string& field, double fallback) const {
    if (!has(field)) return fallback;
    if (!json_[field].is_number()) wrong(field, "is not a number");
    return json_[field].get<double>();
  }
  std::int64_t count(const std::string& field) const {
    if (!has(field) || !json_[field].is_number_integer() || json_[field].get<std::int64_t>() < 1)
      wrong(field, "is not a count of at least 1");
    return json_[field].get<std::int64_t>();
  }
  const nlohmann::json& operator[](const std::string& field) const { return json_.at(field); }

 private:
  nlohmann::json json_;
  std::string file_;
};

// PEFT writes a list, MixLoRA also {name: true}.
std::vector<std::string> readTargets(const Fields& fields) {
  std::vector<std::string> targets;
  if (fields.has("target_modules")) {
    const nlohmann::json& value = fields["target_modules"];
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

void refuseWhatIsNotApplied(const Fields& fields) {
  for (const char* field : {"use_dora", "fan_in_fan_out", "router_bias"}) {
    if (fields.flag(field, false)) fields.unsupported(field, "is set, which is not supported");
  }
  for (const char* field : {"rank_pattern", "alpha_pattern", "modules_to_save", "layers_to_transform"}) {
    if (fields.has(field) && !fields[field].empty()) fields.unsupported(field, "is set, which is not supported");
  }
  if (fields.text("bias", "none") != "none") fields.unsupported("bias", "is not \"none\"");
  if (fields.text("router_input", "ffn_input") != "ffn_input") fields.unsupported("router_input", "is not \"ffn_input\"");
}

}  // namespace

AdapterConfig readAdapterConfig(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "adapter_config.json";
  nlohmann::json json = nlohmann::json::parse(readTextFile(path), nullptr, false);
  if (!json.is_object()) throw Error(ErrorCode::InvalidInput, path.string() + ": is not a JSON object");
  const Fields fields(std::move(json), path.string());

  AdapterConfig config;
  config.type = fields.text("peft_type", "");
  if (config.type != "LORA" && config.type != "MOLE" && config.type != "MIXLORA") {
    fields.unsupported("peft_type", "is '" + config.type + "'; known are LORA, MOLE, MIXLORA");
  }
  refuseWhatIsNotApplied(fields);
  config.rank = fields.count("r");
  const double alpha = fields.number("lora_alpha", static_cast<double>(config.rank));
  const auto rank = static_cast<double>(config.rank);
  config.scale = fields.flag("use_rslora", false) ? alpha / std::sqrt(rank) : alpha / rank;
  config.targets = readTargets(fields);
  if (config.type == "LORA") return config;

  config.experts = fields.count("num_experts");
  config.topK = fields.count("top_k");
  if (config.topK > config.experts) fields.wrong("top_k", "is larger than num_experts");
  config.normaliseTopK = fields.flag("normalize_top_k", true);
  if (config.type == "MIXLORA") {
    if (fields.text("routing_strategy", "mixlora") != "mixlora") fields.unsupported("routing_strategy", "is not \"mixlora\"");
    config.mixing = Mixing::WholeBlock;
  } else if (const std::string mixing = fields.text("mixing", "per_linear"); mixing != "per_linear") {
    fields.unsupported("mixing", "is '" + mixing + "'; known is \"per_linear\"");
  }
  return config;
}

}  // namespace orthoscribe::model
