// SPDX-License-Identifier: GPL-2.0-or-later
// One base model with several adapters at hand: a request chooses among them, and nothing is loaded for it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/model/families/families.h"
#include "core/model/network.h"

namespace orthoscribe::engine {

class AdapterShelf {
 public:
  // Loads all adapters; those that do not fit the base are refused here, as model::loadNetwork does. The first is the default;
  // with none it is the base as its folder is. offered: only for requests that name them; one that does not fit the base, or has
  // another's name, is left out with a warning. Keeps the reference. Throws Error{InvalidInput} for two adapters of one name.
  AdapterShelf(const model::BaseModel& base, const std::vector<std::filesystem::path>& adapters,
               const std::vector<std::filesystem::path>& offered = {});

  // By name. Empty: the default; "none": the base without the adapter in its own folder either. Throws Error{NotFound} listing
  // the names.
  const model::Network& network(const std::string& adapter);

  std::vector<std::string> names() const;

 private:
  void add(const std::filesystem::path& folder);

  const model::BaseModel& base_;
  std::vector<std::pair<std::string, std::unique_ptr<model::Network>>> networks_;  // the default first
  std::unique_ptr<model::Network> bare_;                                           // made when it is asked for
};

}  // namespace orthoscribe::engine
