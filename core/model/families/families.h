// SPDX-License-Identifier: GPL-2.0-or-later
// Model folders in Hugging Face's layout: config.json chooses the family.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/model/adapters/adapter.h"
#include "core/model/network.h"

namespace orthoscribe::model {

// Values of config.json's model_type that can be loaded, sorted.
std::vector<std::string> knownFamilies();

// A base model in memory, and the networks made of it.
class BaseModel {
 public:
  // Reads config.json and the headers of the weights. Throws as loadNetwork. overlay: a safetensors file whose tensors stand in
  // for those of the same names in the folder; may be empty. Throws Error{InvalidInput} for one that the folder does not have.
  BaseModel(const std::filesystem::path& folder, torch::Device device, torch::ScalarType dtype,
            const std::filesystem::path& overlay = {});
  ~BaseModel();
  BaseModel(BaseModel&&) noexcept;

  // The network with the adapters in the folders given, and with the one that lies in the model's own folder unless `bare`. All
  // networks of one base share its weights, so a second one costs its adapters only. Must not be called from several threads at
  // once. Throws as loadNetwork.
  // bank: folders of plain LoRA adapters that become the experts 0, 1, .. of the network's bank (KvCache::setExpert); an empty
  // path leaves its number to the base alone.
  std::unique_ptr<Network> network(const std::vector<std::filesystem::path>& adapterFolders, bool bare = false,
                                   const std::vector<std::filesystem::path>& bank = {}) const;

  // What the adapter in the folder adds to which linear of the bare base. Throws as loadNetwork.
  std::vector<PlacedUpdate> placedUpdates(const std::filesystem::path& adapterFolder) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Loads config.json, model.safetensors (or its shards) and adapters: those named, and the one that lies in the folder itself.
// Every tensor is checked by name and shape; tensors that nothing uses are named in the log. Floating weights are brought to
// dtype (float32 or bfloat16); where that is what the file holds they are mapped, not copied. Throws Error{Unsupported} for an
// unknown family, naming the known ones; Error{NotFound} for missing files, shards and tensors; Error{InvalidInput} for fields,
// headers and shapes that are wrong, naming file, field or tensor.
std::unique_ptr<Network> loadNetwork(const std::filesystem::path& folder,
                                     const std::vector<std::filesystem::path>& adapterFolders = {},
                                     torch::Device device = torch::kCPU, torch::ScalarType dtype = torch::kFloat32);

}  // namespace orthoscribe::model
