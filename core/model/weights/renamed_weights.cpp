// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/renamed_weights.h"

namespace orthoscribe::model {

Renaming renamingPrefixes(NamePairs pairs) {
  return [pairs = std::move(pairs)](const std::string& name) {
    for (const auto& [ours, theirs] : pairs) {
      if (name.starts_with(ours)) return theirs + name.substr(ours.size());
    }
    return name;
  };
}

Renaming renamingParts(NamePairs pairs) {
  return [pairs = std::move(pairs)](std::string name) {
    for (const auto& [ours, theirs] : pairs) {
      for (std::size_t at = name.find(ours); at != std::string::npos; at = name.find(ours, at + theirs.size())) {
        name.replace(at, ours.size(), theirs);
      }
    }
    return name;
  };
}

}  // namespace orthoscribe::model
