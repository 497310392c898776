// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/loaded_tensors.h"

#include <ATen/ATen.h>

#include <utility>

#include "core/base/error.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/torch_archive.h"

namespace orthoscribe::model {

namespace fs = std::filesystem;

LoadedTensors::LoadedTensors(fs::path file, std::map<std::string, torch::Tensor> tensors, torch::Device device)
    : file_(std::move(file)), tensors_(std::move(tensors)), device_(device) {
  for (const auto& [name, tensor] : tensors_) {
    if (!tensor.is_floating_point()) {
      throw Error(ErrorCode::InvalidInput,
                  file_.string() + ": the tensor '" + name + "' holds whole numbers, expected is a float");
    }
    if (!at::isfinite(tensor.to(at::kFloat)).all().item<bool>()) {
      throw Error(ErrorCode::InvalidInput, file_.string() + ": the tensor '" + name + "' holds numbers that are not finite",
                  "the training that made it failed, or the file is damaged");
    }
  }
}

torch::Tensor LoadedTensors::take(const std::string& name, c10::IntArrayRef shape, FreshValue) {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    throw Error(ErrorCode::NotFound, file_.string() + ": the tensor '" + name + "' of shape " + shapeText(shape) + " is missing",
                "the file does not belong to this model");
  }
  if (found->second.sizes() != shape) {
    throw Error(ErrorCode::InvalidInput,
                file_.string() + ": the tensor '" + name + "' has the shape " + shapeText(found->second.sizes()) +
                    ", expected is " + shapeText(shape),
                "the file does not belong to this model");
  }
  taken_.insert(name);
  return found->second.to(device_, at::kFloat);
}

std::vector<std::string> LoadedTensors::names() const {
  std::vector<std::string> all;
  for (const auto& [name, tensor] : tensors_) all.push_back(name);
  return all;
}

std::vector<std::string> LoadedTensors::unused() const {
  std::vector<std::string> left;
  for (const auto& [name, tensor] : tensors_) {
    if (!taken_.contains(name)) left.push_back(name);
  }
  return left;
}

std::string LoadedTensors::shapeTextOf(const std::string& name) const {
  return shapeText(tensors_.at(name).sizes());
}

LoadedTensors readTensors(const fs::path& folder, const std::string& stem, torch::Device device) {
  const fs::path safe = folder / (stem + ".safetensors");
  const fs::path pickled = folder / (stem + ".bin");
  if (fs::exists(safe)) {
    const SafetensorsFile file(safe);
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& [name, entry] : file.entries()) tensors[name] = file.tensor(name);
    return {safe, std::move(tensors), device};
  }
  if (fs::exists(pickled)) return {pickled, readTorchArchive(pickled), device};
  throw Error(ErrorCode::NotFound,
              folder.string() + ": there is neither " + safe.filename().string() + " nor " + pickled.filename().string(),
              "give a whole adapter folder");
}

}  // namespace orthoscribe::model
