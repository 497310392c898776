// SPDX-License-Identifier: GPL-2.0-or-later
// A checkpoint of which one file replaces some tensors: what was trained besides adapters.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/model/weights/checkpoint.h"
#include "core/model/weights/loaded_tensors.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class OverlaidWeights : public WeightSource {
 public:
  // Keeps the reference. file: safetensors; empty: nothing is replaced. Throws Error{InvalidInput} naming file and tensor for one
  // that the checkpoint does not have, and what reading throws.
  OverlaidWeights(Checkpoint& checkpoint, const std::filesystem::path& file, torch::ScalarType dtype, torch::Device device);

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override;
  bool has(const std::string& name) const override { return checkpoint_.has(name); }

 private:
  Checkpoint& checkpoint_;
  std::optional<LoadedTensors> replaced_;
  torch::ScalarType dtype_;
};

}  // namespace orthoscribe::model
