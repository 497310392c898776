// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/tile_name.h"

#include <charconv>

namespace orthoscribe::learn {
namespace {

template <typename Number>
bool takeNumber(std::string_view text, Number& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() && value >= 0;
}

}  // namespace

std::string TileName::text() const {
  return image + "__" + std::to_string(sizePx) + "__" + std::to_string(column) + "___" + std::to_string(row);
}

std::optional<TileName> parseTileName(std::string_view stem) {
  const std::size_t row = stem.rfind("___");
  if (row == std::string_view::npos || row == 0) return std::nullopt;
  const std::size_t column = stem.rfind("__", row - 1);
  if (column == std::string_view::npos || column == 0) return std::nullopt;
  const std::size_t size = stem.rfind("__", column - 1);
  if (size == std::string_view::npos || size == 0) return std::nullopt;
  TileName name{std::string(stem.substr(0, size)), 0, 0, 0};
  const bool numbers = takeNumber(stem.substr(size + 2, column - size - 2), name.sizePx) &&
                       takeNumber(stem.substr(column + 2, row - column - 2), name.column) &&
                       takeNumber(stem.substr(row + 3), name.row);
  return numbers && name.sizePx > 0 ? std::optional(std::move(name)) : std::nullopt;
}

}  // namespace orthoscribe::learn
