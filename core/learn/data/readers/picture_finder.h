// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures by the name of their label files.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orthoscribe::learn {

// All files below a folder with one of these endings (without case), or the file itself, sorted. Throws Error{NotFound}.
std::vector<std::filesystem::path> filesBelow(const std::filesystem::path& place, const std::vector<std::string>& endings);
// All pictures below a folder, sorted. Throws Error{NotFound}.
std::vector<std::filesystem::path> picturesBelow(const std::filesystem::path& folder);

// The first of `names` that is a folder in `base`; nothing when none is.
std::optional<std::filesystem::path> firstFolder(const std::filesystem::path& base, const std::vector<std::string>& names);

class PictureFinder {
 public:
  explicit PictureFinder(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  // The picture "below/stem.*" of the root, else the one of that stem anywhere below it. Throws Error{InvalidInput} when there
  // is none, or more than one.
  std::filesystem::path ofStem(const std::filesystem::path& below, const std::string& stem);

 private:
  std::filesystem::path root_;
  bool indexed_ = false;
  std::multimap<std::string, std::filesystem::path> byStem_;
};

}  // namespace orthoscribe::learn
