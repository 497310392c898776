// SPDX-License-Identifier: GPL-2.0-or-later
// A model of any family but the starter with the experts for aspects in training on its decoder: one dense LoRA that all begin
// as, and the five of the bank (rsmoe_and_metrics.md sections 5.5, 5.7). The model itself is frozen but for parts that are named.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/aspects/relevance_head.h"
#include "core/engine/loaded_model.h"
#include "core/learn/aspects/aspect_conversations.h"
#include "core/learn/train/parameter_store.h"
#include "core/learn/train/trained_parts.h"
#include "core/model/blocks/decoder_network.h"

namespace orthoscribe::learn {

struct AspectPlan {
  // Of every expert; as the design has it.
  std::int64_t rank = 8;
  double alpha = 16;
  std::vector<std::string> targets = {"q_proj", "v_proj", "gate_proj", "up_proj", "down_proj"};
  // Beginnings of names of the base's weights that learn too: of InstructBLIP the first stage trains query_tokens, qformer and
  // language_projection.
  std::vector<std::string> baseParts = {};
  bool relevance = false;  // a head that says which aspects concern a picture
};

class AspectModel {
 public:
  // Number of the dense LoRA in the bank, behind the experts.
  static constexpr std::int64_t kDense = kAspectExperts;

  // base: a model folder; its weights take no gradients but for the plan's parts. All experts start so that they change nothing.
  // Throws as LoadedModel and TrainedParts; Error{Unsupported} for the starter, whose decoder copies numbers beside what its
  // layers say.
  AspectModel(const std::filesystem::path& base, const AspectPlan& plan, std::uint64_t seed, torch::Device device = torch::kCPU,
              torch::ScalarType dtype = torch::kFloat32);

  const engine::LoadedModel& loaded() const { return loaded_; }
  const model::DecoderNetwork& network() const { return *network_; }
  // Differentiable in the experts' tensors; rows are sent to an expert by RowExperts.
  const model::Decoder& decoder() const { return *decoder_; }

  // Null where the plan has none.
  const engine::RelevanceHead* relevance() const { return relevance_ ? &*relevance_ : nullptr; }

  // All tensors, named "theme.base_model.model.model.layers.0...", "dense." and so on (typeOfExpert), "relevance.hidden.weight",
  // and the base's as its files name them.
  ParameterStore& store() { return *store_; }

  // Whether the base itself learns in the stage that runs.
  bool trainsBase() const { return trainsAny(*store_, baseNames_); }

  // Makes every expert of the five a copy of the dense one, so that training them begins where it ended.
  void copyDenseToExperts();
  // Whether no expert of the five has learnt anything yet.
  bool expertsAreFresh() const;

  // Writes rsmoe.json, a PEFT folder an expert, relevance.safetensors and, where parts of the base were trained,
  // visual.safetensors with them. base: how the file is to name the model. Throws Error{Io}.
  void write(const std::filesystem::path& folder, const std::string& base) const;

 private:
  torch::Device device_;
  std::filesystem::path base_;
  engine::LoadedModel loaded_;
  model::AdapterConfig config_;
  std::shared_ptr<ParameterStore> store_;
  std::vector<std::string> baseNames_;
  std::optional<engine::RelevanceHead> relevance_;
  std::unique_ptr<model::Network> built_;
  const model::DecoderNetwork* network_ = nullptr;
  const model::Decoder* decoder_ = nullptr;
};

}  // namespace orthoscribe::learn
