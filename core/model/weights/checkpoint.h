// SPDX-License-Identifier: GPL-2.0-or-later
// A checkpoint on disk as a source of weights: one safetensors file or a set of shards with an index.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/model/weights/safetensors.h"
#include "core/model/weights/weight_source.h"

namespace orthoscribe::model {

class Checkpoint : public WeightSource {
 public:
  // folder: with <stem>.safetensors or <stem>.safetensors.index.json. Tensors are given in `dtype` on `device`.
  // Throws Error{NotFound} when there is neither, or naming a missing shard; Error{InvalidInput} for an index that does not fit
  // its shards.
  Checkpoint(const std::filesystem::path& folder, const std::string& stem, torch::ScalarType dtype, torch::Device device);

  // Besides what WeightSource says: throws Error{InvalidInput} for weights that are not stored as floating numbers, and for those
  // with a value that is not finite in `dtype`.
  torch::Tensor take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) override;
  bool has(const std::string& name) const override;

  std::vector<std::string> names() const;
  // Names that nobody has taken yet.
  std::vector<std::string> unused() const;
  // Bytes of all tensors as stored.
  std::uint64_t storedBytes() const;

 private:
  std::filesystem::path folder_;
  torch::ScalarType dtype_;
  torch::Device device_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, std::size_t> fileOf_;
  std::set<std::string> taken_;
};

// "[3, 4]", for messages.
std::string shapeText(c10::IntArrayRef shape);

}  // namespace orthoscribe::model
