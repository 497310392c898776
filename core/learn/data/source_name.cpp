// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/source_name.h"

#include <regex>

namespace orthoscribe::learn {

std::string sourceName(const std::filesystem::path& picture, const std::filesystem::path& root) {
  static const std::regex tile("(.+?)__[0-9]+(\\.[0-9]+)?__-?[0-9]+___?-?[0-9]+");
  std::filesystem::path name = root.empty() ? picture : picture.lexically_relative(root);
  if (name.empty() || *name.begin() == "..") name = picture;
  std::smatch parts;
  const std::string stem = name.stem().string();
  if (std::regex_match(stem, parts, tile)) name = name.parent_path() / parts[1].str();
  return name.generic_string();
}

}  // namespace orthoscribe::learn
