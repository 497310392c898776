// SPDX-License-Identifier: GPL-2.0-or-later
// An adapter as it lies in a folder (PEFT's LoRA, our MoLE, MixLoRA) or in training: what it adds to which linear or convolution.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/model/adapters/adapter_config.h"
#include "core/model/adapters/low_rank_update.h"
#include "core/model/adapters/routing.h"
#include "core/model/weights/loaded_tensors.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// A linear that a fused layer holds as some of its outputs: "gate_proj" in rows 0 .. n-1 of gate_up_proj.
struct LinearPart {
  std::string name;
  std::int64_t rowBegin = 0;
  std::int64_t rows = 0;
};

// What an adapter puts on one linear.
struct AdaptedLinear {
  LowRankUpdate update;
  std::optional<Router> router;  // of this linear alone
  std::string place;             // within its layer: "mlp.down_proj"
};

// Where an update came to sit, for merging; that of a convolution is flattened to [out, in * k * k].
struct PlacedUpdate {
  std::string module;  // the linear's or convolution's full name in the model
  std::int64_t outputs = 0;
  LowRankUpdate update;
};

class Adapter {
 public:
  // For training: weights of these names are taken from `source` (fresh or resumed), for every target that a model asks for.
  Adapter(AdapterConfig config, std::shared_ptr<WeightSource> source, std::string prefix);

  // Loads a folder with adapter_config.json and adapter_model.safetensors or, only where that is not there, adapter_model.bin.
  // Tensors are placed by their names (adapter_names.h). Throws Error as readAdapterConfig and readTensors do;
  // Error{InvalidInput} naming file and tensor for names that no one understands, two tensors for one place, numbers that are not
  // finite, and targets without tensors.
  static Adapter load(const std::filesystem::path& folder, torch::ScalarType dtype, torch::Device device);

  const AdapterConfig& config() const { return config_; }
  const std::string& name() const { return name_; }
  // Whether it changes something before the decoder: how images look.
  bool changesImages() const;

  // module: the linear's full name, "language_model.model.layers.3.mlp.gate_up_proj"; parts: the linears fused in it. Empty when
  // it is no target. Throws Error{InvalidInput or NotFound} with file, name and shapes for weights that are missing or of the
  // wrong shape.
  std::vector<AdaptedLinear> updatesFor(const std::string& module, std::int64_t inputs, std::int64_t outputs,
                                        const std::vector<LinearPart>& parts) const;

  // For a convolution `module` ("tower.pyramid.smooth4") with this weight [out, in, k, k]: weight + scale * B A, in the weight's
  // dtype, differentiable in A [r, in, k, k] and B [out, r, 1, 1] where they are trained (PEFT's names and shapes for Conv2d).
  // The weight itself, not a copy, when it is no target. Throws as updatesFor, and Error{Unsupported} for experts on a
  // convolution.
  torch::Tensor convolution(const std::string& module, const torch::Tensor& weight) const;

  // The router of the block `module` ("model.layers.3.mlp") with inputs of that width; nothing where no experts sit in it or
  // where every linear has its own.
  std::optional<Router> routerFor(const std::string& module, std::int64_t inputs) const;

  // From now on every update that is handed out is also put here.
  void record(std::vector<PlacedUpdate>& placed) { placed_ = &placed; }

  // Makes it the expert of that number in the model's bank (adapter_bank.h), which only those sequences go through that name it;
  // else it applies to all. Throws Error{Unsupported} for a mixture of experts, and for one that changes more than the decoder.
  void joinBank(std::int64_t number);
  std::optional<std::int64_t> bankNumber() const { return bankNumber_; }

  // Throws Error{InvalidInput} naming a tensor of the folder that belongs to nothing in the model.
  void checkAllUsed() const;

 private:
  struct Module {
    bool experts = false;
    std::string path;  // inside the base, as the folder names it
  };

  void index(const std::filesystem::path& folder);
  void checkTargets(const std::filesystem::path& folder) const;
  bool sits(const std::string& module) const;
  bool mixes(const std::string& module) const;
  std::optional<AdaptedLinear> updateFor(const std::string& module, std::int64_t inputs, const LinearPart& part) const;
  std::optional<AdaptedLinear> sharedFor(const std::string& module, std::int64_t inputs, const LinearPart& part) const;
  Router makeRouter(const std::string& place, std::int64_t inputs) const;
  torch::Tensor take(const std::string& canonical, c10::IntArrayRef shape, FreshValue fresh) const;
  torch::Tensor takeUpdate(const std::string& canonical, c10::IntArrayRef shape, FreshValue fresh) const;

  AdapterConfig config_;
  std::shared_ptr<WeightSource> source_;
  std::shared_ptr<LoadedTensors> stored_;        // the same, when it is a folder
  std::string prefix_;                           // of names that the folder does not hold
  std::map<std::string, std::string> nameOf_;    // canonical name of a tensor -> as the folder names it
  std::map<std::string, Module> modules_;        // by canonical name
  std::set<std::string> kinds_;                  // of the modules
  std::optional<torch::ScalarType> updateType_;  // of A and B; as the source gives them when not set
  std::string name_;
  std::vector<PlacedUpdate>* placed_ = nullptr;
  std::optional<std::int64_t> bankNumber_;
};

using Adapters = std::span<const Adapter>;

// Adapter::convolution of all of them, one after another.
torch::Tensor adaptedConvolution(Adapters adapters, const std::string& module, torch::Tensor weight);

}  // namespace orthoscribe::model
