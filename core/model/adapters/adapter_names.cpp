// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace orthoscribe::model {
namespace {

using Parts = std::vector<std::string>;

Parts split(std::string_view name) {
  Parts parts;
  while (true) {
    const std::size_t dot = name.find('.');
    parts.emplace_back(name.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    name.remove_prefix(dot + 1);
  }
}

std::string joined(const Parts& parts) {
  std::string name;
  for (const std::string& part : parts) name += (name.empty() ? "" : ".") + part;
  return name;
}

bool isNumber(const std::string& part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

void dropWrappers(Parts& parts) {
  constexpr std::array<std::string_view, 7> kWrappers = {"base_model", "model", "language_model", "mixlora", "mole",
                                                         "loramoe",    "mola"};
  const auto isWrapper = [&](const std::string& part) {
    return std::find(kWrappers.begin(), kWrappers.end(), part) != kWrappers.end();
  };
  parts.erase(parts.begin(), std::find_if_not(parts.begin(), parts.end(), isWrapper));
}

// MixLoRA's older names: "layers.0.gate.weight", "layers.0.experts.1.w3_proj.lora_A.weight".
void renameOldMixLora(Parts& parts) {
  if (parts.size() < 4 || parts[0] != "layers") return;
  if (parts.size() == 4 && parts[2] == "gate") {
    parts = {parts[0], parts[1], "mlp", "router", parts[3]};
    return;
  }
  if (parts.size() != 7 || parts[2] != "experts") return;
  const std::string& old = parts[4];
  const std::string linear = old == "w1_proj" ? "gate_proj" : old == "w2_proj" ? "down_proj" : old == "w3_proj" ? "up_proj" : old;
  parts = {parts[0], parts[1], "mlp", linear, "experts", parts[3], parts[5], parts[6]};
}

}  // namespace

std::string canonicalModule(std::string_view module) {
  Parts parts = split(module);
  dropWrappers(parts);
  return joined(parts);
}

std::string canonicalTensor(std::string_view name) {
  Parts parts = split(name);
  const bool mixLora = parts.front() == "mixlora";
  dropWrappers(parts);
  if (mixLora) renameOldMixLora(parts);
  std::replace(parts.begin(), parts.end(), std::string("moe_gate"), std::string("router"));
  const std::size_t count = parts.size();
  if (count >= 3 && (parts[count - 3] == "lora_A" || parts[count - 3] == "lora_B") && parts[count - 1] == "weight")
    parts.erase(parts.end() - 2);
  return joined(parts);
}

AdapterTensorName parseTensorName(const std::string& canonical) {
  Parts parts = split(canonical);
  AdapterTensorName name;
  if (parts.size() < 2 || parts.back() != "weight") return name;
  parts.pop_back();
  if (parts.back() == "router") {
    name.kind = AdapterTensorName::Kind::Router;
    parts.pop_back();
  } else if (parts.back() == "lora_A" || parts.back() == "lora_B") {
    name.kind = AdapterTensorName::Kind::LowRank;
    parts.pop_back();
    name.ofExpert = parts.size() > 2 && isNumber(parts.back()) && parts[parts.size() - 2] == "experts";
    if (name.ofExpert) parts.erase(parts.end() - 2, parts.end());
    name.shared = parts.size() > 2 && parts.back() == "shared";
    if (name.shared) parts.pop_back();
  }
  name.module = joined(parts);
  return name;
}

std::string kindOfModule(std::string_view canonicalModule) {
  Parts parts = split(canonicalModule);
  for (std::string& part : parts) {
    if (isNumber(part)) part = "#";
  }
  return joined(parts);
}

}  // namespace orthoscribe::model
