// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/picture_file.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {

bool looksLikePicture(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 8> kEndings = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".jp2"};
  const std::string ending = tasks::lowered(path.extension().string());
  return std::ranges::find(kEndings, ending) != kEndings.end();
}

}  // namespace orthoscribe::learn
