// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/checkpoint.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/model/weights/sound_weights.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

// Tensor name -> file name. Throws when the index is not what it should be.
std::map<std::string, std::string> readIndex(const fs::path& path) {
  const nlohmann::json index = nlohmann::json::parse(readTextFile(path), nullptr, false);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object()) {
    throw Error(ErrorCode::InvalidInput, path.string() + ": has no object 'weight_map'", "fetch the file again");
  }
  std::map<std::string, std::string> fileNames;
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    // Only names inside the folder, so that an index cannot make us read elsewhere.
    if (!file.is_string() || fs::path(file.get<std::string>()).filename() != file.get<std::string>()) {
      throw Error(ErrorCode::InvalidInput, path.string() + ": weight_map['" + tensor + "'] is not a file name");
    }
    fileNames[tensor] = file.get<std::string>();
  }
  return fileNames;
}

}  // namespace

std::string shapeText(c10::IntArrayRef shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Checkpoint::Checkpoint(const fs::path& folder, const std::string& stem, torch::ScalarType dtype, torch::Device device)
    : folder_(folder), dtype_(dtype), device_(device) {
  const fs::path single = folder / (stem + ".safetensors");
  const fs::path index = folder / (stem + ".safetensors.index.json");
  if (fs::exists(single)) {
    files_.emplace_back(single);
    for (const auto& [name, stored] : files_.front().entries()) fileOf_[name] = 0;
    return;
  }
  if (!fs::exists(index)) {
    throw Error(ErrorCode::NotFound,
                folder.string() + ": there is neither " + single.filename().string() + " nor " + index.filename().string(),
                "give a model folder in Hugging Face layout with its safetensors files");
  }
  std::map<std::string, std::size_t> numberOf;
  for (const auto& [tensor, fileName] : readIndex(index)) {
    auto [place, isNew] = numberOf.try_emplace(fileName, files_.size());
    if (isNew) {
      if (!fs::exists(folder / fileName)) {
        throw Error(ErrorCode::NotFound,
                    folder.string() + ": the shard " + fileName + " is missing, which " + index.filename().string() + " names",
                    "fetch the missing file");
      }
      files_.emplace_back(folder / fileName);
    }
    if (!files_[place->second].has(tensor)) {
      throw Error(ErrorCode::InvalidInput,
                  (folder / fileName).string() + ": lacks the tensor '" + tensor + "' that the index puts there",
                  "fetch the file again");
    }
    fileOf_[tensor] = place->second;
  }
}

torch::Tensor Checkpoint::take(const std::string& name, c10::IntArrayRef shape, FreshValue) {
  const auto found = fileOf_.find(name);
  if (found == fileOf_.end()) {
    throw Error(ErrorCode::NotFound,
                folder_.string() + ": the tensor '" + name + "' of shape " + shapeText(shape) + " is missing",
                "the weights do not belong to this config.json");
  }
  const SafetensorsFile& file = files_[found->second];
  const StoredTensor& stored = file.entries().at(name);
  if (c10::IntArrayRef(stored.shape) != shape) {
    throw Error(ErrorCode::InvalidInput,
                file.path().string() + ": the tensor '" + name + "' has the shape " + shapeText(stored.shape) + ", expected is " +
                    shapeText(shape),
                "the weights do not belong to this config.json");
  }
  const std::string where = file.path().string() + ": the tensor '" + name + "'";
  requireWeightType(stored.dtype, where);
  taken_.insert(name);
  torch::Tensor tensor = file.tensor(name).to(device_, dtype_);
  requireFinite(tensor, where);
  return tensor;
}

bool Checkpoint::has(const std::string& name) const {
  return fileOf_.contains(name);
}

std::vector<std::string> Checkpoint::names() const {
  std::vector<std::string> all;
  for (const auto& [name, file] : fileOf_) all.push_back(name);
  return all;
}

std::vector<std::string> Checkpoint::unused() const {
  std::vector<std::string> left;
  for (const auto& [name, file] : fileOf_) {
    if (!taken_.contains(name)) left.push_back(name);
  }
  return left;
}

std::uint64_t Checkpoint::storedBytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [name, file] : fileOf_) {
    const StoredTensor& stored = files_[file].entries().at(name);
    bytes += stored.end - stored.begin;
  }
  return bytes;
}

}  // namespace orthoscribe::model
