// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/adapter_shelf.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/log.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBare = "none";

std::string nameOf(const fs::path& folder) {
  return fs::absolute(folder / "").lexically_normal().parent_path().filename().string();
}

}  // namespace

AdapterShelf::AdapterShelf(const model::BaseModel& base, const std::vector<fs::path>& adapters,
                           const std::vector<fs::path>& offered)
    : base_(base) {
  for (const fs::path& folder : adapters) add(folder);
  if (networks_.empty()) networks_.emplace_back("", base.network({}));
  for (const fs::path& folder : offered) {
    try {
      add(folder);
    } catch (const Error& error) {
      log::warning("not offered: " + std::string(error.what()));
    }
  }
}

void AdapterShelf::add(const fs::path& folder) {
  const std::string name = nameOf(folder);
  const bool known = std::any_of(networks_.begin(), networks_.end(), [&](const auto& one) { return one.first == name; });
  if (known || name == kBare) {
    throw Error(ErrorCode::InvalidInput, folder.string() + ": an adapter of the name '" + name + "' cannot be told from another",
                "rename the folder");
  }
  networks_.emplace_back(name, base_.network({folder}));
}

std::vector<std::string> AdapterShelf::names() const {
  std::vector<std::string> names;
  for (const auto& [name, network] : networks_) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

const model::Network& AdapterShelf::network(const std::string& adapter) {
  if (adapter.empty()) return *networks_.front().second;
  if (adapter == kBare) {
    if (!bare_) bare_ = base_.network({}, true);
    return *bare_;
  }
  for (const auto& [name, network] : networks_) {
    if (name == adapter) return *network;
  }
  std::string known = kBare;
  for (const std::string& name : names()) known += ", " + name;
  throw Error(ErrorCode::NotFound, "no adapter '" + adapter + "' is loaded", "choose among " + known);
}

}  // namespace orthoscribe::engine
