// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/adapted_model.h"

#include <ATen/core/grad_mode.h>

#include <map>

#include "core/base/error.h"
#include "core/learn/train/decoder_graph.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/families/builders.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn {
namespace {

// PEFT keeps what it trained of a base under the base's own names.
std::string nameInAdapter(const std::string& name) {
  return name.starts_with(kAdapterPrefix) ? name : kAdapterPrefix + name;
}

}  // namespace

AdaptedModel::AdaptedModel(const std::filesystem::path& base, const model::AdapterConfig& config, std::uint64_t seed,
                           torch::Device device, torch::ScalarType dtype, const std::vector<std::string>& baseParts)
    : config_(config), store_(std::make_shared<ParameterStore>(seed, device)) {
  model::Checkpoint checkpoint(base, "model", dtype, device);
  TrainedParts weights(checkpoint, *store_, baseParts, dtype);
  const std::vector<model::Adapter> adapters = {model::Adapter(config, store_, std::string(kAdapterPrefix) + "model.")};
  built_ = model::buildNetwork(model::ConfigFields::read(base / "config.json"), model::Scope(weights, ""), adapters);
  network_ = dynamic_cast<const model::DecoderNetwork*>(built_.get());
  if (!network_)
    throw Error(ErrorCode::Unsupported, base.string() + ": the family " + built_->traits().family + " has stages of its own",
                "train an adapter on another family");
  weights.check();
  baseNames_ = weights.names();
  decoder_ = &network_->decoder();
}

void AdaptedModel::write(const std::filesystem::path& folder) const {
  std::map<std::string, torch::Tensor> tensors;
  for (const Parameter& parameter : store_->parameters()) tensors[nameInAdapter(parameter.name)] = parameter.value.detach();
  model::writeAdapter(folder, config_, tensors);
}

void AdaptedModel::loadAdapter(const std::filesystem::path& file) {
  const model::SafetensorsFile stored(file);
  std::map<std::string, torch::Tensor> places;
  for (const Parameter& parameter : store_->parameters()) places[nameInAdapter(parameter.name)] = parameter.value;
  const auto refuse = [&](const std::string& name, const std::string& what) {
    throw Error(ErrorCode::InvalidInput, file.string() + ": the tensor '" + name + "' " + what,
                "the adapter belongs to another base or has another shape");
  };
  for (const auto& [name, tensor] : stored.entries())
    if (!places.contains(name)) refuse(name, "has no place in this model");
  const at::NoGradGuard noGradients;
  for (auto& [name, value] : places) {
    if (!stored.has(name)) refuse(name, "is missing");
    if (stored.entries().at(name).shape != value.sizes().vec()) refuse(name, "has another shape than in this model");
    value.copy_(stored.tensor(name));
  }
}

}  // namespace orthoscribe::learn
