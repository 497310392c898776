// SPDX-License-Identifier: GPL-2.0-or-later
// Weights of the base that were trained beside an adapter and lie in its folder, under the base's own names (PEFT's
// modules_to_save; rsmoe_and_metrics.md section 4.2). They stand in for the base's.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

// "modules_to_save" of the folder's adapter_config.json: names of modules, or of weights that belong to none; mostly empty.
// Throws Error{InvalidInput} naming file and field when it is no list of names.
std::vector<std::string> savedModules(const std::filesystem::path& folder);

// Whether a tensor of such a folder belongs to one of these modules.
bool isSavedIn(const std::vector<std::string>& modules, const std::string& tensor);

// The tensors that the folder keeps of the base, float32 on `device`, by their canonical names (adapter_names.h). Throws as
// readTensors.
std::map<std::string, torch::Tensor> savedWeights(const std::filesystem::path& folder, torch::Device device);

// A base of which adapters replace some weights.
class ReplacedWeights : public WeightSource {
 public:
  // Keeps the reference. folders: of adapters, most of which replace nothing. Throws Error{InvalidInput} when two of them replace
  // one weight.
  ReplacedWeights(WeightSource& base, const std::vector<std::filesystem::path>& folders, torch::ScalarType dtype,
                  torch::Device device);

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override;
  bool has(const std::string& name) const override { return base_.has(name); }

  // Throws Error{InvalidInput} naming a weight of a folder that belongs to nothing in the model.
  void checkAllUsed() const;

 private:
  struct Replaced {
    torch::Tensor value;
    std::filesystem::path folder;
  };

  WeightSource& base_;
  torch::ScalarType dtype_;
  std::map<std::string, Replaced> replaced_;  // by canonical name
  std::set<std::string> used_;
};

}  // namespace orthoscribe::model
