// SPDX-License-Identifier: GPL-2.0-or-later
// Names of tiles carry where they were cut: "{image}__{size}__{x}___{y}".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orthoscribe::learn {

struct TileName {
  std::string image;  // name of the picture that it was cut from, without extension
  int sizePx = 0;     // side of the window
  std::int64_t column = 0;
  std::int64_t row = 0;
  bool operator==(const TileName&) const = default;

  std::string text() const;
};

// stem: name without folder and extension. Nothing when it is not the name of a tile. A picture's own name may hold "__".
std::optional<TileName> parseTileName(std::string_view stem);

}  // namespace orthoscribe::learn
