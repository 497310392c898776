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

std::string folderOfScene(std::size_t scene) {
  std::string folder(kScenes.at(scene));
  std::erase(folder, ' ');
  return folder;
}

std::optional<int> sceneOfFolder(std::string_view folder) {
  for (std::size_t scene = 0; scene < kSceneCount; ++scene) {
    if (folderOfScene(scene) == folder) return static_cast<int>(scene);
  }
  return std::nullopt;
}

}  // namespace orthoscribe::learn
