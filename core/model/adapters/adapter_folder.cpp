// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter_folder.h"

#include <ATen/ATen.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/model/adapters/adapter_names.h"
#include "core/model/weights/loaded_tensors.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Whole numbers are written as such, since PEFT's are.
Json plainNumber(double value) {
  if (value == std::floor(value)) return static_cast<std::int64_t>(value);
  return value;
}

double alphaOf(const AdapterConfig& config) {
  if (config.alpha > 0.0) return config.alpha;
  const auto rank = static_cast<double>(config.rank);
  return config.scale * (config.rslora ? std::sqrt(rank) : rank);
}

const char* scopeName(RouterScope scope) {
  switch (scope) {
    case RouterScope::Block:
      return "block";
    case RouterScope::Linear:
      return "linear";
    case RouterScope::Model:
      return "model";
  }
  return "block";
}

const char* inputName(const AdapterConfig& config) {
  if (config.routerInput == RouterInput::Tokens) return "token_embedding";
  if (config.routerInput == RouterInput::Instruction) return "instruction";
  return config.routerScope == RouterScope::Linear ? "linear_input" : "ffn_input";
}

// The base's weights among the tensors by the first part of their names: "qformer", "query_tokens".
Json savedModulesIn(const std::map<std::string, torch::Tensor>& tensors) {
  constexpr std::string_view kPrefix = "base_model.model.";
  std::set<std::string> modules;
  for (const auto& [name, tensor] : tensors) {
    if (parseTensorName(canonicalTensor(name)).kind != AdapterTensorName::Kind::Other) continue;
    const std::string path = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
    modules.insert(path.substr(0, path.find('.')));
  }
  return modules.empty() ? Json(nullptr) : Json(modules);
}

Json configJson(const AdapterConfig& config) {
  Json document = {{"peft_type", config.type},
                   {"task_type", "CAUSAL_LM"},
                   {"base_model_name_or_path", config.base},
                   {"r", config.rank},
                   {"lora_alpha", plainNumber(alphaOf(config))},
                   {"lora_dropout", 0.0},
                   {"bias", "none"},
                   {"fan_in_fan_out", false},
                   {"use_rslora", config.rslora},
                   {"use_dora", false},
                   {"inference_mode", true},
                   {"target_modules", config.targets},
                   {"modules_to_save", nullptr},
                   {"rank_pattern", Json::object()},
                   {"alpha_pattern", Json::object()}};
  for (const auto& [name, rank] : config.rankPattern) document["rank_pattern"][name] = rank;
  for (const auto& [name, alpha] : config.alphaPattern) document["alpha_pattern"][name] = plainNumber(alpha);
  if (config.type == "LORA") return document;
  document.update(Json{{"num_experts", config.experts},
                       {"top_k", config.topK},
                       {"router_scope", scopeName(config.routerScope)},
                       {"router_input", inputName(config)},
                       {"router_bias", false},
                       {"normalize_top_k", config.normaliseTopK},
                       {"mixing", "per_linear"}});
  if (config.sharedExpert)
    document.update(
        Json{{"shared_expert", true}, {"shared_r", config.sharedRank}, {"shared_lora_alpha", plainNumber(config.sharedAlpha)}});
  return document;
}

}  // namespace

void writeAdapter(const fs::path& folder, const AdapterConfig& config, const std::map<std::string, torch::Tensor>& tensors) {
  if (config.mixing == Mixing::WholeBlock)
    throw Error(ErrorCode::Unsupported, "a MixLoRA adapter cannot be written", "write a MoLE, which mixes linear by linear");
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw Error(ErrorCode::Io, "cannot make the folder " + folder.string() + ": " + failed.message());
  writeSafetensors(folder / "adapter_model.safetensors", tensors, {{"format", "pt"}});
  Json document = configJson(config);
  document["modules_to_save"] = savedModulesIn(tensors);
  writeTextFile(folder / "adapter_config.json", document.dump(2) + "\n");
}

AdapterSummary summariseAdapter(const fs::path& folder) {
  AdapterSummary summary;
  summary.config = readAdapterConfig(folder);
  summary.name = fs::absolute(folder / "").lexically_normal().parent_path().filename().string();
  const LoadedTensors tensors = readTensors(folder, "adapter_model", torch::kCPU);
  std::set<std::string> linears;
  std::set<std::string> layers;
  std::set<std::int64_t> ranks;
  for (const auto& [stored, tensor] : tensors.tensors()) {
    const std::string canonical = canonicalTensor(stored);
    const AdapterTensorName name = parseTensorName(canonical);
    summary.parameters += tensor.numel();
    if (name.kind == AdapterTensorName::Kind::Router) ++summary.routers;
    if (name.kind != AdapterTensorName::Kind::LowRank) continue;
    const std::string kind = kindOfModule(name.module);
    linears.insert(kind);
    if (const std::size_t number = kind.find('#'); number != std::string::npos)
      layers.insert(name.module.substr(0, name.module.find('.', number)));
    if (canonical.ends_with("lora_A.weight")) ranks.insert(tensor.size(0));
  }
  summary.linears.assign(linears.begin(), linears.end());
  summary.layers = static_cast<std::int64_t>(layers.size());
  summary.ranks.assign(ranks.begin(), ranks.end());
  return summary;
}

std::string kindOfAdapter(const AdapterConfig& config) {
  if (config.experts == 0) return config.rslora ? "LoRA, scaled by the root of its rank" : "LoRA";
  if (config.mixing == Mixing::WholeBlock) return "MixLoRA: whole feed-forward blocks mixed, one router for each";
  std::string kind = "mixture of LoRA experts, one router for ";
  switch (config.routerScope) {
    case RouterScope::Block:
      kind += "each block";
      break;
    case RouterScope::Linear:
      kind += "each linear";
      break;
    case RouterScope::Model:
      kind += "all layers";
      break;
  }
  if (config.routerInput == RouterInput::Tokens) kind += ", by the token";
  if (config.routerInput == RouterInput::Instruction) kind += ", by the instruction";
  if (config.sharedExpert) kind += "; a shared expert beside them";
  return kind;
}

}  // namespace orthoscribe::model
