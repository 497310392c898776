// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/adapted_model.h"

#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/learn/train/checkpoint.h"
#include "core/learn/train/decoder_graph.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/blocks/decoder_network.h"
#include "core/model/families/builders.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::learn {

AdaptedModel::AdaptedModel(const std::filesystem::path& base, const model::AdapterConfig& config, std::uint64_t seed,
                           torch::Device device, torch::ScalarType dtype)
    : config_(config), store_(std::make_shared<ParameterStore>(seed, device)) {
  model::Checkpoint weights(base, "model", dtype, device);
  const std::vector<model::Adapter> adapters = {model::Adapter(config, store_, std::string(kAdapterPrefix) + "model.")};
  network_ = model::buildNetwork(model::ConfigFields::read(base / "config.json"), model::Scope(weights, ""), adapters);
  const auto* network = dynamic_cast<const model::DecoderNetwork*>(network_.get());
  if (!network)
    throw Error(ErrorCode::Unsupported, base.string() + ": the family " + network_->traits().family + " has stages of its own",
                "train an adapter on another family");
  decoder_ = &network->decoder();
}

void AdaptedModel::write(const std::filesystem::path& folder) const {
  std::map<std::string, torch::Tensor> tensors;
  for (const Parameter& parameter : store_->parameters()) tensors[parameter.name] = parameter.value.detach();
  model::writeAdapter(folder, config_, tensors);
}

void AdaptedModel::loadAdapter(const std::filesystem::path& file) {
  const model::SafetensorsFile stored(file);
  for (const auto& [name, tensor] : stored.entries()) {
    if (store_->has(name)) continue;
    throw Error(ErrorCode::InvalidInput, file.string() + ": the tensor '" + name + "' has no place in this model",
                "the adapter belongs to another base or has another shape");
  }
  for (const Parameter& parameter : store_->parameters()) {
    if (stored.has(parameter.name)) continue;
    throw Error(ErrorCode::InvalidInput, file.string() + ": the tensor '" + parameter.name + "' is missing",
                "the adapter belongs to another base or has another shape");
  }
  loadWeights(file, "", *store_);
}

}  // namespace orthoscribe::learn
