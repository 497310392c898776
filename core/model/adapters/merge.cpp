// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/merge.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model/adapters/adapter_names.h"
#include "core/model/adapters/saved_modules.h"
#include "core/model/families/families.h"
#include "core/model/weights/safetensors.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

// A single expert always has the weight 1; everything else depends on what the router sees.
void checkMergeable(const fs::path& folder) {
  const AdapterConfig config = readAdapterConfig(folder);
  if (config.experts <= 1) return;
  const std::string all =
      config.topK == config.experts ? "; also where all are used, their weights differ from token to token" : "";
  throw Error(ErrorCode::Unsupported,
              folder.string() + ": cannot be merged: its router mixes " + std::to_string(config.experts) +
                  " experts by the input, and one weight cannot do that" + all,
              "use it as an adapter, which costs little");
}

bool isWeights(const fs::path& file) {
  return file.extension() == ".safetensors" && file.filename().string().starts_with("model");
}

torch::ScalarType storedPrecision(const std::vector<fs::path>& files) {
  for (const fs::path& path : files) {
    const SafetensorsFile file(path);
    for (const auto& [name, entry] : file.entries())
      if (c10::isFloatingType(entry.dtype)) return entry.dtype;
  }
  return torch::kFloat32;
}

// By the canonical name of the weight; a fused linear may get several.
using Deltas = std::map<std::string, std::vector<PlacedUpdate>>;

Deltas deltasOf(const fs::path& model, const fs::path& adapter, torch::ScalarType precision) {
  Deltas deltas;
  for (PlacedUpdate& placed : BaseModel(model, torch::kCPU, precision).placedUpdates(adapter))
    deltas[canonicalModule(placed.module) + ".weight"].push_back(std::move(placed));
  return deltas;
}

torch::Tensor merged(const torch::Tensor& weight, const std::vector<PlacedUpdate>& updates) {
  torch::Tensor sum = weight.to(at::kFloat);
  for (const PlacedUpdate& placed : updates) sum = sum + placed.update.weightDelta(placed.outputs).view(sum.sizes());
  return sum.to(weight.scalar_type());
}

torch::Tensor replacing(const torch::Tensor& weight, const torch::Tensor& saved, const fs::path& adapter) {
  if (saved.sizes() == weight.sizes()) return saved.to(weight.scalar_type());
  throw Error(ErrorCode::InvalidInput, adapter.string() + ": holds a weight of another shape than the model's",
              "use the adapter with the model it was trained on");
}

void copyOthers(const fs::path& model, const fs::path& adapter, const fs::path& out) {
  const bool own = fs::equivalent(model, adapter);
  for (const auto& entry : fs::directory_iterator(model)) {
    const bool ofAdapter = entry.path().filename().string().starts_with("adapter_");
    if (isWeights(entry.path()) || (own && ofAdapter)) continue;
    fs::copy(entry.path(), out / entry.path().filename(), fs::copy_options::recursive);
  }
}

class OutputFolder {
 public:
  explicit OutputFolder(const fs::path& folder) : folder_(fs::absolute(folder / "").lexically_normal().parent_path()) {
    if (fs::exists(folder_) && !(fs::is_directory(folder_) && fs::is_empty(folder_)))
      throw Error(ErrorCode::InvalidInput, folder_.string() + ": is there already", "name a folder that does not exist");
    beside_ = folder_;
    beside_ += ".part";
    fs::remove_all(beside_);
    fs::create_directories(beside_);
  }
  ~OutputFolder() {
    std::error_code ignored;
    fs::remove_all(beside_, ignored);
  }
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const fs::path& path() const { return beside_; }
  void finish() { fs::rename(beside_, folder_); }

 private:
  fs::path folder_;
  fs::path beside_;
};

}  // namespace

MergeReport mergeAdapter(const fs::path& model, const fs::path& adapter, const fs::path& out) {
  checkMergeable(adapter);
  std::vector<fs::path> files;
  if (fs::is_directory(model))
    for (const auto& entry : fs::directory_iterator(model))
      if (isWeights(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  Deltas deltas = deltasOf(model, adapter, storedPrecision(files));
  std::map<std::string, torch::Tensor> replaced = savedWeights(adapter, torch::kCPU);
  try {
    OutputFolder folder(out);
    MergeReport report;
    for (const fs::path& path : files) {
      const SafetensorsFile file(path);
      std::map<std::string, torch::Tensor> tensors;
      for (const auto& [name, entry] : file.entries()) {
        tensors[name] = file.tensor(name);
        if (const auto saved = replaced.find(canonicalModule(name)); saved != replaced.end()) {
          tensors[name] = replacing(tensors[name], saved->second, adapter);
          replaced.erase(saved);
        }
        const auto found = deltas.find(canonicalModule(name));
        if (found == deltas.end()) continue;
        tensors[name] = merged(tensors[name], found->second);
        deltas.erase(found);
        ++report.linears;
      }
      writeSafetensors(folder.path() / path.filename(), tensors, file.metadata());
      ++report.files;
    }
    if (!deltas.empty() || !replaced.empty()) {
      throw Error(ErrorCode::Unsupported, model.string() + ": the weight '" +
                                              (deltas.empty() ? replaced.begin()->first : deltas.begin()->first) +
                                              "' is stored under a name that is not understood");
    }
    copyOthers(model, adapter, folder.path());
    folder.finish();
    return report;
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::Io, std::string("the merged model cannot be written: ") + error.what());
  }
}

}  // namespace orthoscribe::model
