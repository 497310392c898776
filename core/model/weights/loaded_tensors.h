// SPDX-License-Identifier: GPL-2.0-or-later
// The tensors of one file as a source of weights, whichever format it has.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class LoadedTensors : public WeightSource {
 public:
  // Floating tensors are given as float32 on `device`. Throws Error{InvalidInput} naming file and tensor for one that is not
  // floating or holds a number that is not finite.
  LoadedTensors(std::filesystem::path file, std::map<std::string, torch::Tensor> tensors, torch::Device device);

  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override;
  bool has(const std::string& name) const override { return tensors_.contains(name); }

  const std::filesystem::path& file() const { return file_; }
  std::vector<std::string> names() const;
  // Names that nobody has taken yet.
  std::vector<std::string> unused() const;
  std::string shapeTextOf(const std::string& name) const;
  const std::map<std::string, torch::Tensor>& tensors() const { return tensors_; }

 private:
  std::filesystem::path file_;
  std::map<std::string, torch::Tensor> tensors_;
  torch::Device device_;
  std::set<std::string> taken_;
};

// <stem>.safetensors of the folder or, where there is none, <stem>.bin, of which only tensors are read (torch_archive.h). Throws
// Error{NotFound} when there is neither, and what the readers throw.
LoadedTensors readTensors(const std::filesystem::path& folder, const std::string& stem, torch::Device device);

}  // namespace orthoscribe::model
