// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/class_list.h"

#include <algorithm>
#include <utility>

#include "core/base/nearest_name.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

std::string comparable(std::string_view label) {
  std::string text = tasks::lowered(tasks::trimmed(label));
  std::ranges::replace_if(text, [](char c) { return c == '-' || c == '_'; }, ' ');
  return text;
}

}  // namespace

ClassList::ClassList(std::vector<std::string> names) : names_(std::move(names)) {}

std::optional<std::string> ClassList::known(std::string_view label) const {
  if (names_.empty()) return std::string(label);
  if (std::ranges::find(names_, label) != names_.end()) return std::string(label);
  const std::string wanted = comparable(label);
  const auto found = std::ranges::find_if(names_, [&](const std::string& name) { return comparable(name) == wanted; });
  if (found == names_.end()) return std::nullopt;
  return *found;
}

std::string ClassList::whyUnknown(std::string_view label) const {
  return "class '" + std::string(label) + "' is not in the list; the nearest is '" + nearestName(label, names_) + "'";
}

}  // namespace orthoscribe::learn
