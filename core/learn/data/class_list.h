// SPDX-License-Identifier: GPL-2.0-or-later
// The classes a data set is read for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

class ClassList {
 public:
  // No names: every label is known.
  explicit ClassList(std::vector<std::string> names = {});

  // The name in the list that a label means: the same without case and with '-' and '_' as blanks. Nothing when there is none.
  std::optional<std::string> known(std::string_view label) const;
  // "class 'shp' is not in the list; the nearest is 'ship'".
  std::string whyUnknown(std::string_view label) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace orthoscribe::learn
