// SPDX-License-Identifier: GPL-2.0-or-later
// A frozen model of any family with the experts for aspects in training on its decoder: one dense LoRA that all begin as, and the
// five of the bank (rsmoe_and_metrics.md sections 5.5, 5.7).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/loaded_model.h"
#include "core/learn/aspects/aspect_conversations.h"
#include "core/learn/train/parameter_store.h"
#include "core/model/blocks/decoder.h"
#include "core/model/network.h"

namespace orthoscribe::learn {

// Of every expert; as the design has it.
struct AspectPlan {
  std::int64_t rank = 8;
  double alpha = 16;
  std::vector<std::string> targets = {"q_proj", "v_proj", "gate_proj", "up_proj", "down_proj"};
};

class AspectModel {
 public:
  // Number of the dense LoRA in the bank, behind the experts.
  static constexpr std::int64_t kDense = kAspectExperts;

  // base: a model folder; its weights take no gradients. All experts start so that they change nothing. Throws as LoadedModel;
  // Error{Unsupported} for a family whose decoder is not trained over whole sequences: those with places on several axes, with
  // rows for several layers, and the starter.
  AspectModel(const std::filesystem::path& base, const AspectPlan& plan, std::uint64_t seed, torch::Device device = torch::kCPU,
              torch::ScalarType dtype = torch::kFloat32);

  const engine::LoadedModel& loaded() const { return loaded_; }
  const model::Network& network() const { return *network_; }
  // Differentiable in the experts' tensors; rows are sent to an expert by RowExperts.
  const model::Decoder& decoder() const { return *decoder_; }

  // All tensors, named "theme.base_model.model.model.layers.0...", "dense." and so on (typeOfExpert).
  ParameterStore& store() { return *store_; }

  // Makes every expert of the five a copy of the dense one, so that training them begins where it ended.
  void copyDenseToExperts();
  // Whether no expert of the five has learnt anything yet.
  bool expertsAreFresh() const;

  // Writes rsmoe.json and a PEFT folder an expert. base: how the file is to name the model. Throws Error{Io}.
  void write(const std::filesystem::path& folder, const std::string& base) const;

 private:
  torch::Device device_;
  std::filesystem::path base_;
  engine::LoadedModel loaded_;
  model::AdapterConfig config_;
  std::shared_ptr<ParameterStore> store_;
  std::unique_ptr<model::Network> network_;
  const model::Decoder* decoder_ = nullptr;
};

}  // namespace orthoscribe::learn
