// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/families/families.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/model/config_fields.h"
#include "core/model/families/builders.h"
#include "core/model/weights/checkpoint.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

struct Family {
  std::string_view modelType;  // as in config.json
  std::unique_ptr<Network> (*build)(const ConfigFields& config, const Scope& weights, Adapters adapters);
};

// The one list of families, sorted by name.
constexpr std::array kFamilies = {
    Family{"internvl_chat", buildInternVlChat},
    Family{"phi3", buildPhi3},
    Family{"qwen2", buildQwen2},
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

std::vector<Adapter> loadAdapters(const fs::path& folder, const std::vector<fs::path>& named, torch::Device device,
                                  torch::ScalarType dtype) {
  std::vector<Adapter> adapters;
  if (fs::exists(folder / "adapter_config.json")) adapters.push_back(Adapter::load(folder, dtype, device));
  for (const fs::path& adapter : named) adapters.push_back(Adapter::load(adapter, dtype, device));
  return adapters;
}

void warnOfUnused(const fs::path& folder, const Checkpoint& checkpoint) {
  constexpr std::size_t kShown = 3;
  const std::vector<std::string> unused = checkpoint.unused();
  if (unused.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(kShown, unused.size()); ++i) names += (i > 0 ? ", " : "") + unused[i];
  log::warning(folder.string() + ": " + std::to_string(unused.size()) + " tensors are not used: " + names +
               (unused.size() > kShown ? ", ..." : ""));
}

}  // namespace

std::vector<std::string> knownFamilies() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.modelType);
  return names;
}

std::unique_ptr<Network> loadNetwork(const fs::path& folder, const std::vector<fs::path>& adapterFolders, torch::Device device,
                                     torch::ScalarType dtype) {
  if (!fs::is_directory(folder)) throw Error(ErrorCode::NotFound, folder.string() + ": there is no such model folder");
  const ConfigFields config = ConfigFields::read(folder / "config.json");
  const Family& family = familyOf(config);
  Checkpoint checkpoint(folder, "model", dtype, device);
  const std::vector<Adapter> adapters = loadAdapters(folder, adapterFolders, device, dtype);
  std::unique_ptr<Network> network = family.build(config, Scope(checkpoint, ""), adapters);
  for (const Adapter& adapter : adapters) adapter.checkAllUsed();
  warnOfUnused(folder, checkpoint);
  return network;
}

std::unique_ptr<Network> buildNetwork(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  return familyOf(config).build(config, weights, adapters);
}

}  // namespace orthoscribe::model
