// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/vocabulary.h"

#include <algorithm>

namespace orthoscribe::learn {

std::optional<int> objectClassNamed(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  const auto found = std::find(kObjectClasses.begin(), kObjectClasses.end(), words);
  if (found == kObjectClasses.end()) return std::nullopt;
  return static_cast<int>(found - kObjectClasses.begin());
}

std::optional<int> sceneOfFolder(std::string_view folder) {
  const auto found = std::find_if(kScenes.begin(), kScenes.end(), [&](const SceneName& scene) { return scene.folder == folder; });
  if (found == kScenes.end()) return std::nullopt;
  return static_cast<int>(found - kScenes.begin());
}

}  // namespace orthoscribe::learn
