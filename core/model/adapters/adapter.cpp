// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/adapter.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/model/weights/checkpoint.h"

namespace orthoscribe::model {
namespace {

// The part of a module's name from "layers." on: adapters of the language model alone and of the whole model differ before it.
std::string_view fromLayers(std::string_view module) {
  const std::size_t at = module.find("layers.");
  return at == std::string_view::npos ? module : module.substr(at);
}

// What stands before "layers." in the names of a stored adapter. Throws when there are two answers.
std::string storedPrefix(const Checkpoint& checkpoint, const std::filesystem::path& folder) {
  std::set<std::string> prefixes;
  for (const std::string& name : checkpoint.names()) {
    const std::size_t at = name.find("layers.");
    if (at == std::string::npos) {
      throw Error(ErrorCode::Unsupported,
                  folder.string() + ": the adapter changes '" + name + "', which lies outside the decoder's layers");
    }
    prefixes.insert(name.substr(0, at));
  }
  if (prefixes.size() != 1) {
    throw Error(ErrorCode::InvalidInput, folder.string() + ": the adapter's tensors do not all belong to one stack of layers",
                "give an adapter of the language model");
  }
  return *prefixes.begin();
}

}  // namespace

Adapter::Adapter(AdapterConfig config, std::shared_ptr<WeightSource> source, std::string prefix)
    : config_(std::move(config)), source_(std::move(source)), prefix_(std::move(prefix)) {
  if (config_.type == "MIXLORA") routerName_ = "moe_gate";
}

Adapter Adapter::load(const std::filesystem::path& folder, torch::ScalarType dtype, torch::Device device) {
  AdapterConfig config = readAdapterConfig(folder);
  if (!std::filesystem::exists(folder / "adapter_model.safetensors") && std::filesystem::exists(folder / "adapter_model.bin")) {
    throw Error(ErrorCode::Unsupported,
                folder.string() + ": the adapter is only there as adapter_model.bin, a Python pickle, which is not read",
                "save it as adapter_model.safetensors");
  }
  // Routers stay in float32: rounding would send tokens to other experts.
  auto checkpoint = std::make_shared<Checkpoint>(folder, "adapter_model", torch::kFloat32, device);
  std::string prefix = storedPrefix(*checkpoint, folder);
  Adapter adapter(std::move(config), std::move(checkpoint), std::move(prefix));
  adapter.updateType_ = dtype;
  adapter.name_ = std::filesystem::absolute(folder).lexically_normal().filename().string();
  return adapter;
}

bool Adapter::targets(const std::string& linear) const {
  return std::find(config_.targets.begin(), config_.targets.end(), linear) != config_.targets.end();
}

std::string Adapter::stored(const std::string& module) const {
  return prefix_ + std::string(fromLayers(module)) + ".";
}

torch::Tensor Adapter::taken(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) const {
  const torch::Tensor tensor = source_->take(name, shape, fresh);
  return updateType_ ? tensor.to(*updateType_) : tensor;
}

std::optional<LowRankUpdate> Adapter::updateFor(const std::string& module, std::int64_t inputs, const LinearPart& part) const {
  if (!targets(part.name)) return std::nullopt;
  const std::string base = stored(module.substr(0, module.rfind('.') + 1) + part.name);
  // Attention carries one ordinary LoRA also beside experts.
  const bool mixed = config_.experts > 0 && module.find(".mlp.") != std::string::npos;
  std::vector<torch::Tensor> a;
  std::vector<torch::Tensor> b;
  for (std::int64_t expert = 0; expert < (mixed ? config_.experts : 1); ++expert) {
    const std::string scope = mixed ? base + "experts." + std::to_string(expert) + "." : base;
    a.push_back(taken(scope + "lora_A.weight", {config_.rank, inputs}, FreshValue::KaimingUniform));
    b.push_back(taken(scope + "lora_B.weight", {part.rows, config_.rank}, FreshValue::Zeros));
  }
  return LowRankUpdate(std::move(a), std::move(b), config_.scale, part.rowBegin, mixed);
}

std::vector<LowRankUpdate> Adapter::updatesFor(const std::string& module, std::int64_t inputs, std::int64_t outputs,
                                               const std::vector<LinearPart>& parts) const {
  std::vector<LowRankUpdate> updates;
  if (auto whole = updateFor(module, inputs, {module.substr(module.rfind('.') + 1), 0, outputs}))
    updates.push_back(std::move(*whole));
  for (const LinearPart& part : parts) {
    if (auto update = updateFor(module, inputs, part)) updates.push_back(std::move(*update));
  }
  return updates;
}

std::optional<Router> Adapter::routerFor(const std::string& module, std::int64_t inputs) const {
  if (config_.experts == 0) return std::nullopt;
  torch::Tensor weight =
      source_->take(stored(module) + routerName_ + ".weight", {config_.experts, inputs}, FreshValue::Normal002);
  return Router(std::move(weight), config_.topK, config_.normaliseTopK);
}

void Adapter::checkAllUsed() const {
  const auto* checkpoint = dynamic_cast<const Checkpoint*>(source_.get());
  if (!checkpoint) return;
  const std::vector<std::string> left = checkpoint->unused();
  if (left.empty()) return;
  throw Error(ErrorCode::InvalidInput,
              "the adapter " + name_ + " holds '" + left.front() + "', which belongs to nothing in this model",
              "use the adapter with the model it was trained on");
}

}  // namespace orthoscribe::model
