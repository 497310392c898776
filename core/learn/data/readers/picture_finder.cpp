// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/picture_finder.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/learn/data/picture_file.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

template <typename Wanted>
std::vector<fs::path> sortedFiles(const fs::path& place, Wanted&& wanted) {
  if (!fs::exists(place)) throw Error(ErrorCode::NotFound, place.string() + " does not exist");
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(place, fs::directory_options::follow_directory_symlink)) {
    if (entry.is_regular_file() && wanted(entry.path())) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<fs::path> filesBelow(const fs::path& place, const std::vector<std::string>& endings) {
  return sortedFiles(place, [&](const fs::path& path) {
    return std::ranges::find(endings, tasks::lowered(path.extension().string())) != endings.end();
  });
}

std::vector<fs::path> picturesBelow(const fs::path& folder) {
  return sortedFiles(folder, [](const fs::path& path) { return looksLikePicture(path); });
}

std::optional<fs::path> firstFolder(const fs::path& base, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (fs::is_directory(base / name)) return base / name;
  }
  return std::nullopt;
}

fs::path PictureFinder::ofStem(const fs::path& below, const std::string& stem) {
  constexpr std::array<const char*, 6> kUsual = {".png", ".jpg", ".tif", ".jpeg", ".tiff", ".bmp"};
  for (const char* ending : kUsual) {
    const fs::path path = root_ / below / (stem + ending);
    if (fs::exists(path)) return path.lexically_normal();
  }
  if (!indexed_) {
    for (const fs::path& path : picturesBelow(root_)) byStem_.emplace(path.stem().string(), path);
    indexed_ = true;
  }
  const auto [first, last] = byStem_.equal_range(stem);
  if (first == last) throw Error(ErrorCode::InvalidInput, "there is no picture '" + stem + "' below " + root_.string());
  if (std::next(first) != last) {
    throw Error(ErrorCode::InvalidInput, "there are several pictures '" + stem + "' below " + root_.string() + ": " +
                                             first->second.string() + " and " + std::next(first)->second.string());
  }
  return first->second;
}

}  // namespace orthoscribe::learn
