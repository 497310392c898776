// SPDX-License-Identifier: GPL-2.0-or-later
// The starter's eyes with low-rank updates on the convolutions that localise objects.
#pragma once

#include <filesystem>
#include <memory>

#include "core/learn/train/parameter_store.h"
#include "core/model/adapters/adapter_config.h"
#include "core/model/blocks/starter_vision.h"
#include "core/model/weights/checkpoint.h"

namespace orthoscribe::learn {

class TowerExpert {
 public:
  // folder: of a starter; its weights take no gradients. The updates start fresh, so that they change nothing. Throws what
  // readStarterVision and Checkpoint throw.
  TowerExpert(const std::filesystem::path& folder, std::int64_t rank, std::uint64_t seed, torch::Device device);

  const model::StarterVisionConfig& config() const { return vision_; }
  // A, B by the names of their file, and nothing else.
  ParameterStore& store() { return *store_; }
  const ParameterStore& store() const { return *store_; }

  // With the updates as they are now; differentiable in them.
  model::ConvTower tower() const;
  model::StarterVision eyes() const;
  const model::ConvTower& untrainedTower() const { return *untrained_; }

  // adapter_config.json and adapter_model.safetensors, as PEFT writes them. Throws Error{Io}.
  void write(const std::filesystem::path& adapterFolder) const;

 private:
  model::Scope weights() const { return {*checkpoint_, ""}; }
  model::Adapter adapter() const;

  model::StarterVisionConfig vision_;
  std::unique_ptr<model::Checkpoint> checkpoint_;
  model::AdapterConfig adapterConfig_;
  std::shared_ptr<ParameterStore> store_;
  std::unique_ptr<model::ConvTower> untrained_;
};

}  // namespace orthoscribe::learn
