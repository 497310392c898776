// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/export_model.h"

#include <ATen/ATen.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/base/make_folders.h"
#include "core/learn/data/vocabulary.h"
#include "core/learn/train/packed_lessons.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kGroundResolutionM = 0.3;

void write(const std::filesystem::path& path, const Json& document) {
  writeTextFile(path, document.dump(2) + "\n");
}

Json adapterConfig(const DecoderConfig& decoder) {
  return {{"peft_type", "MOLE"},
          {"task_type", "CAUSAL_LM"},
          {"num_experts", decoder.experts},
          {"top_k", decoder.topExperts},
          {"r", decoder.rank},
          {"lora_alpha", decoder.alpha},
          {"target_modules", {"gate_proj", "up_proj", "down_proj"}}};
}

Json generationConfig(const text::Tokenizer& tokenizer) {
  return {{"eos_token_id", tokenizer.idOf("<|end|>").value()},
          {"pad_token_id", tokenizer.idOf(kPadToken).value()},
          {"do_sample", false},
          {"max_new_tokens", 768}};
}

Json preprocessorConfig(std::int64_t side) {
  return {{"image_mean", {0.5, 0.5, 0.5}},
          {"image_std", {0.5, 0.5, 0.5}},
          {"size", {{"height", side}, {"width", side}}},
          {"do_rescale", true},
          {"rescale_factor", 1.0 / 255}};
}

Json ownConfig(std::int64_t side) {
  Json document = {{"name", "starter"},
                   {"dialect", "starter"},
                   {"template", "starter"},
                   {"imageSidePx", side},
                   {"groundResolutionM", kGroundResolutionM}};
  document["classes"] = Json::array();
  for (const std::string_view name : kObjectClasses) document["classes"].push_back(std::string(name));
  return document;
}

}  // namespace

void exportModel(const StarterModel& starter, const text::Tokenizer& tokenizer, const std::filesystem::path& folder) {
  std::map<std::string, torch::Tensor> base;
  std::map<std::string, torch::Tensor> adapter;
  for (const Parameter& parameter : starter.store().parameters()) {
    const torch::Tensor small = parameter.value.detach().to(at::kBFloat16);
    (parameter.name.starts_with(kAdapterPrefix) ? adapter : base)[parameter.name] = small;
  }
  makeFolders(folder);
  model::writeSafetensors(folder / "model.safetensors", base, {{"format", "pt"}});
  const bool mixture = starter.shape().decoder.experts > 0;
  if (mixture) model::writeSafetensors(folder / "adapter_model.safetensors", adapter, {{"format", "pt"}});
  const std::int64_t side = starter.shape().vision.sidePx;
  write(folder / "config.json", configOf(starter.shape()));
  if (mixture) write(folder / "adapter_config.json", adapterConfig(starter.shape().decoder));
  write(folder / "generation_config.json", generationConfig(tokenizer));
  write(folder / "preprocessor_config.json", preprocessorConfig(side));
  write(folder / "orthoscribe.json", ownConfig(side));
}

}  // namespace orthoscribe::learn
