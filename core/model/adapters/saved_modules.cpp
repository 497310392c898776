// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/saved_modules.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/model/adapters/adapter_names.h"
#include "core/model/config_fields.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/loaded_tensors.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

constexpr const char* kField = "modules_to_save";

// PEFT's wrapper of a saved module, which some versions leave in the names.
std::string withoutWrapper(std::string name) {
  for (const std::string wrapper : {"modules_to_save.default.", "modules_to_save."})
    if (const std::size_t at = name.find(wrapper); at != std::string::npos) name.erase(at, wrapper.size());
  return name;
}

}  // namespace

std::vector<std::string> savedModules(const fs::path& folder) {
  const ConfigFields fields = ConfigFields::read(folder / "adapter_config.json");
  std::vector<std::string> modules;
  if (!fields.has(kField)) return modules;
  const nlohmann::json& list = fields.raw(kField);
  const auto isName = [](const nlohmann::json& entry) { return entry.is_string() && !entry.get<std::string>().empty(); };
  if (!list.is_array() || !std::ranges::all_of(list, isName)) fields.wrong(kField, "is not a list of names");
  for (const nlohmann::json& entry : list) modules.push_back(entry.get<std::string>());
  return modules;
}

bool isSavedIn(const std::vector<std::string>& modules, const std::string& tensor) {
  const AdapterTensorName name = parseTensorName(canonicalTensor(tensor));
  // What PEFT's other methods keep beside A and B (DoRA's lora_magnitude_vector) is no weight of the base.
  if (name.kind != AdapterTensorName::Kind::Other || tensor.find(".lora_") != std::string::npos) return false;
  const std::string path = "." + tensor + ".";
  return std::ranges::any_of(modules,
                             [&](const std::string& module) { return path.find("." + module + ".") != std::string::npos; });
}

std::map<std::string, torch::Tensor> savedWeights(const fs::path& folder, torch::Device device) {
  std::map<std::string, torch::Tensor> weights;
  const std::vector<std::string> modules = savedModules(folder);
  if (modules.empty()) return weights;
  LoadedTensors stored = readTensors(folder, "adapter_model", device);
  for (const std::string& name : stored.names()) {
    if (!isSavedIn(modules, name)) continue;
    weights[canonicalModule(withoutWrapper(name))] = stored.take(name, stored.tensors().at(name).sizes(), FreshValue::Zeros);
  }
  return weights;
}

ReplacedWeights::ReplacedWeights(WeightSource& base, const std::vector<fs::path>& folders, torch::ScalarType dtype,
                                 torch::Device device)
    : base_(base), dtype_(dtype) {
  for (const fs::path& folder : folders) {
    for (auto& [name, value] : savedWeights(folder, device)) {
      if (replaced_.try_emplace(name, Replaced{value, folder}).second) continue;
      throw Error(ErrorCode::InvalidInput,
                  folder.string() + " and " + replaced_.at(name).folder.string() + " both replace the weight '" + name + "'",
                  "use one of them at a time");
    }
  }
}

torch::Tensor ReplacedWeights::take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) {
  // Taken also where it is replaced, so that it does not count as unused.
  torch::Tensor stored = base_.take(name, shape, fresh);
  const auto found = replaced_.find(canonicalModule(name));
  if (found == replaced_.end()) return stored;
  const auto& [value, folder] = found->second;
  if (value.sizes() != shape)
    throw Error(ErrorCode::InvalidInput,
                folder.string() + ": the weight '" + found->first + "' has the shape " + shapeText(value.sizes()) +
                    ", the model's is " + shapeText(shape),
                "use the adapter with the model it was trained on");
  used_.insert(found->first);
  return value.to(dtype_);
}

void ReplacedWeights::checkAllUsed() const {
  for (const auto& [name, replaced] : replaced_) {
    if (used_.contains(name)) continue;
    throw Error(ErrorCode::InvalidInput,
                replaced.folder.string() + ": the weight '" + name + "' belongs to nothing in this model",
                "use the adapter with the model it was trained on");
  }
}

}  // namespace orthoscribe::model
