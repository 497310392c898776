// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/benchmark/fact.h"

#include <algorithm>

#include "core/base/error.h"

namespace orthoscribe::learn {

std::string filled(std::string_view wording, const FactValues& values) {
  std::string text;
  while (!wording.empty()) {
    const std::size_t open = wording.find('{');
    text += wording.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = wording.find('}', open);
    const std::string_view name = wording.substr(open + 1, close - open - 1);
    const auto value = values.find(name);
    if (close == std::string_view::npos || value == values.end())
      throw Error(ErrorCode::Internal, "a wording asks for \"" + std::string(name) + "\", which the fact does not have");
    text += value->second;
    wording.remove_prefix(close + 1);
  }
  return text;
}

bool holds(const Fact& fact, std::string_view name, const std::string& answer) {
  const auto value = fact.values.find(name);
  if (value != fact.values.end() && value->second == answer) return true;
  const auto aliases = fact.aliases.find(name);
  return aliases != fact.aliases.end() &&
         std::find(aliases->second.begin(), aliases->second.end(), answer) != aliases->second.end();
}

}  // namespace orthoscribe::learn
