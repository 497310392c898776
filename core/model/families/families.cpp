// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/families.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/model/adapters/saved_modules.h"
#include "core/model/config_fields.h"
#include "core/model/families/builders.h"
#include "core/model/weights/checkpoint.h"
#include "core/model/weights/overlaid_weights.h"
#include "core/model/weights/shared_weights.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

struct Family {
  std::string_view modelType;  // as in config.json
  std::unique_ptr<Network> (*build)(const ConfigFields& config, const Scope& weights, Adapters adapters);
};

// The one list of families, sorted by name.
constexpr std::array kFamilies = {
    Family{"instructblip", buildInstructBlip},
    Family{"internvl", buildInternVl},
    Family{"internvl_chat", buildInternVlChat},
    Family{"llama", buildLlama},
    Family{"phi3", buildPhi3},
    Family{"qwen2", buildQwen2},
    Family{"qwen2_5_vl", buildQwen25Vl},
    Family{"qwen3_vl", buildQwen3Vl},
    Family{"starter", buildStarter},
};

const Family& familyOf(const ConfigFields& config) {
  const std::string type = config.text("model_type");
  const auto found =
      std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& family) { return family.modelType == type; });
  if (found != kFamilies.end()) return *found;
  std::string known;
  for (const Family& family : kFamilies) known += (known.empty() ? "" : ", ") + std::string(family.modelType);
  throw Error(ErrorCode::Unsupported, config.file() + ": the model family '" + type + "' is unknown", "known are " + known);
}

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Folders are renamed, so another name is no proof; tensors that do not fit are refused anyhow.
void warnOfOtherBase(const Adapter& adapter, const fs::path& model) {
  const std::string trainedOn = fs::path(adapter.config().base).filename().string();
  const std::string name = fs::absolute(model / "").lexically_normal().parent_path().filename().string();
  if (trainedOn.empty() || lowerCase(trainedOn) == lowerCase(name)) return;
  log::warning("the adapter " + adapter.name() + " was trained on '" + adapter.config().base + "', the model is '" + name + "'");
}

// Tables that older versions of transformers saved beside the weights and that are computed here.
bool isTable(const std::string& name) {
  return name.ends_with(".inv_freq") || name.ends_with(".position_ids");
}

void warnOfUnused(const fs::path& folder, const Checkpoint& checkpoint) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> unused = checkpoint.unused();
  std::erase_if(unused, isTable);
  if (unused.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(kShown, unused.size()); ++i) names += (i > 0 ? ", " : "") + unused[i];
  log::warning(folder.string() + ": " + std::to_string(unused.size()) + " tensors are not used: " + names +
               (unused.size() > kShown ? ", ..." : ""));
}

}  // namespace

std::unique_ptr<Network> buildNetwork(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  return familyOf(config).build(config, weights, adapters);
}

std::vector<std::string> knownFamilies() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.modelType);
  return names;
}

struct BaseModel::Parts {
  Parts(const fs::path& modelFolder, torch::Device where, torch::ScalarType precision, const fs::path& overlay)
      : folder(modelFolder),
        config(ConfigFields::read(folder / "config.json")),
        family(familyOf(config)),
        device(where),
        dtype(precision),
        checkpoint(folder, "model", dtype, device),
        overlaid(checkpoint, overlay, dtype, device),
        weights(overlaid) {}

  fs::path folder;
  ConfigFields config;
  const Family& family;
  torch::Device device;
  torch::ScalarType dtype;
  Checkpoint checkpoint;
  OverlaidWeights overlaid;
  SharedWeights weights;
  bool warned = false;
};

BaseModel::BaseModel(const fs::path& folder, torch::Device device, torch::ScalarType dtype, const fs::path& overlay) {
  if (!fs::is_directory(folder)) throw Error(ErrorCode::NotFound, folder.string() + ": there is no such model folder");
  parts_ = std::make_unique<Parts>(folder, device, dtype, overlay);
}

BaseModel::~BaseModel() = default;
BaseModel::BaseModel(BaseModel&&) noexcept = default;

std::unique_ptr<Network> BaseModel::network(const std::vector<fs::path>& adapterFolders, bool bare,
                                            const std::vector<fs::path>& bank) const {
  std::vector<Adapter> adapters;
  std::vector<fs::path> folders = adapterFolders;
  if (!bare && fs::exists(parts_->folder / "adapter_config.json")) {
    adapters.push_back(Adapter::load(parts_->folder, parts_->dtype, parts_->device));
    folders.push_back(parts_->folder);
  }
  for (const fs::path& folder : adapterFolders) {
    adapters.push_back(Adapter::load(folder, parts_->dtype, parts_->device));
    warnOfOtherBase(adapters.back(), parts_->folder);
  }
  for (std::size_t number = 0; number < bank.size(); ++number) {
    if (bank[number].empty()) continue;
    adapters.push_back(Adapter::load(bank[number], parts_->dtype, parts_->device));
    adapters.back().joinBank(static_cast<std::int64_t>(number));
  }
  ReplacedWeights weights(parts_->weights, folders, parts_->dtype, parts_->device);
  std::unique_ptr<Network> network = parts_->family.build(parts_->config, Scope(weights, ""), adapters);
  for (const Adapter& adapter : adapters) adapter.checkAllUsed();
  weights.checkAllUsed();
  if (!std::exchange(parts_->warned, true)) warnOfUnused(parts_->folder, parts_->checkpoint);
  return network;
}

std::vector<PlacedUpdate> BaseModel::placedUpdates(const fs::path& adapterFolder) const {
  std::vector<PlacedUpdate> placed;
  std::vector<Adapter> adapters = {Adapter::load(adapterFolder, torch::kFloat32, torch::kCPU)};
  adapters.front().record(placed);
  parts_->family.build(parts_->config, Scope(parts_->weights, ""), adapters);
  adapters.front().checkAllUsed();
  return placed;
}

std::unique_ptr<Network> loadNetwork(const fs::path& folder, const std::vector<fs::path>& adapterFolders, torch::Device device,
                                     torch::ScalarType dtype) {
  return BaseModel(folder, device, dtype).network(adapterFolders);
}

}  // namespace orthoscribe::model
