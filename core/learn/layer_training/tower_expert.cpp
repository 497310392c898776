// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/tower_expert.h"

#include <array>
#include <map>

#include "core/learn/train/decoder_graph.h"
#include "core/model/adapters/adapter_folder.h"
#include "core/model/families/starter_network.h"

namespace orthoscribe::learn {
namespace {

constexpr double kScale = 2;  // lora_alpha is twice the rank

model::AdapterConfig configOf(const std::filesystem::path& folder, std::int64_t rank) {
  model::AdapterConfig config;
  config.type = "LORA";
  config.base = std::filesystem::absolute(folder / "").lexically_normal().parent_path().filename().string();
  config.rank = rank;
  config.scale = kScale;
  config.targets = {"tower.pyramid.smooth4", "tower.pyramid.lateral4", "tower.pyramid.down4", "tower.heads.heat",
                    "tower.heads.geometry"};
  return config;
}

}  // namespace

TowerExpert::TowerExpert(const std::filesystem::path& folder, std::int64_t rank, std::uint64_t seed, torch::Device device)
    : vision_(model::readStarterVision(model::ConfigFields::read(folder / "config.json"))),
      checkpoint_(std::make_unique<model::Checkpoint>(folder, "model", torch::kFloat32, device)),
      adapterConfig_(configOf(folder, rank)),
      store_(std::make_shared<ParameterStore>(seed, device)),
      untrained_(std::make_unique<model::ConvTower>(weights().sub("tower"), vision_.tower)) {
  tower();
}

model::Adapter TowerExpert::adapter() const {
  return {adapterConfig_, store_, kAdapterPrefix};
}

model::ConvTower TowerExpert::tower() const {
  const std::array adapters = {adapter()};
  return {weights().sub("tower"), vision_.tower, adapters};
}

model::StarterVision TowerExpert::eyes() const {
  const std::array adapters = {adapter()};
  return {weights(), vision_, adapters};
}

void TowerExpert::write(const std::filesystem::path& adapterFolder) const {
  std::map<std::string, torch::Tensor> tensors;
  for (const Parameter& parameter : store_->parameters()) tensors[parameter.name] = parameter.value.detach().clone();
  model::writeAdapter(adapterFolder, adapterConfig_, tensors);
}

}  // namespace orthoscribe::learn
