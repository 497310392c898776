// SPDX-License-Identifier: GPL-2.0-or-later
// An adapter as it lies in a folder (PEFT's LoRA, our MoLE, MixLoRA's names) or in training: what it adds to which linear.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/adapters/low_rank_update.h"
#include "core/model/adapters/routing.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

enum class Mixing {
  PerLinear,   // every linear mixes its experts' updates (parity/README.md, mole_reference)
  WholeBlock,  // every expert runs its own feed-forward block, whose outputs are mixed (MixLoRA)
};

struct AdapterConfig {
  std::string type;  // "LORA", "MOLE", "MIXLORA"
  std::int64_t rank = 0;
  double scale = 1.0;        // alpha / r, or alpha / sqrt(r) with rslora
  std::int64_t experts = 0;  // 0: plain LoRA
  std::int64_t topK = 0;
  bool normaliseTopK = true;
  Mixing mixing = Mixing::PerLinear;
  std::vector<std::string> targets;  // last names of the linears: "gate_proj"
};

// Reads adapter_config.json. Throws Error{InvalidInput or Unsupported} naming file and field.
AdapterConfig readAdapterConfig(const std::filesystem::path& folder);

// A linear that a fused layer holds as some of its outputs: "gate_proj" in rows 0 .. n-1 of gate_up_proj.
struct LinearPart {
  std::string name;
  std::int64_t rowBegin = 0;
  std::int64_t rows = 0;
};

class Adapter {
 public:
  // For training: weights of these names are taken from `source` (fresh or resumed), for every target that a model asks for.
  Adapter(AdapterConfig config, std::shared_ptr<WeightSource> source, std::string prefix);

  // Loads a folder with adapter_config.json and adapter_model.safetensors. Throws Error as readAdapterConfig and Checkpoint do;
  // Error{Unsupported} when there is only adapter_model.bin.
  static Adapter load(const std::filesystem::path& folder, torch::ScalarType dtype, torch::Device device);

  const AdapterConfig& config() const { return config_; }
  const std::string& name() const { return name_; }

  // module: the linear's full name, "language_model.model.layers.3.mlp.gate_up_proj"; parts: the linears fused in it. Empty when
  // it is no target. Throws Error{InvalidInput or NotFound} for weights that are missing or of the wrong shape.
  std::vector<LowRankUpdate> updatesFor(const std::string& module, std::int64_t inputs, std::int64_t outputs,
                                        const std::vector<LinearPart>& parts) const;

  // The router of the feed-forward block `module` ("model.layers.3.mlp"); nothing for plain LoRA.
  std::optional<Router> routerFor(const std::string& module, std::int64_t inputs) const;

  // Throws Error{InvalidInput} naming a tensor of the folder that belongs to nothing in the model.
  void checkAllUsed() const;

 private:
  std::optional<LowRankUpdate> updateFor(const std::string& module, std::int64_t inputs, const LinearPart& part) const;
  torch::Tensor taken(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) const;
  bool targets(const std::string& linear) const;
  std::string stored(const std::string& module) const;

  AdapterConfig config_;
  std::shared_ptr<WeightSource> source_;
  std::string prefix_;  // what stands before "layers." in the stored names
  std::string routerName_ = "router";
  std::optional<torch::ScalarType> updateType_;  // of A and B; as the source gives them when not set
  std::string name_;
};

}  // namespace orthoscribe::model
